"""`frontgraph schema`."""

import click


@click.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from api.schema.assembly import print_schema

    click.echo(print_schema(), nl=False)
