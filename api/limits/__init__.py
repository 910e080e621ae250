"""What is found about an operation before any of it is executed, and what is refused for it.

In the order of a request: its variables are checked (`check_variables`), its text is parsed (`parse`), the parsed document
is judged by its shape (`check_document`) so that validating it (`validate`) cannot take long, and the valid operation by
its cost (`CostModel`), which depends on the variables and on the graph. All but the last step are the same whenever a text
repeats. Each refusal is a `LimitError` that names the limit, the value and what to do.
"""

from api.limits.bounds import LimitError, Limits
from api.limits.cost import Cost, CostModel, FieldCost, check_cost, filter_cost
from api.limits.document import check_document
from api.limits.hints import add_hints, hint_in_json
from api.limits.parsing import parse, validate
from api.limits.variables import check_variables

__all__ = [
    "Cost",
    "CostModel",
    "FieldCost",
    "LimitError",
    "Limits",
    "add_hints",
    "check_cost",
    "check_document",
    "check_variables",
    "filter_cost",
    "hint_in_json",
    "parse",
    "validate",
]
