"""One operation, whoever carries it: who asks, what it may cost, what is kept, and where the work is done.

The way in is `service.GraphqlService.answer`; requests come from `api.web` and `api.streams`.
"""
