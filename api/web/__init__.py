"""HTTP: the routes of the service, and what of HTTP an operation meets on its way to `api.service` and back.

The way in is `app.create_app`.
"""
