"""`frontgraph schema`."""

import click

from api.cli.output import print_json


@click.command()
@click.option("--configuration", is_flag=True, help="Print the JSON schema of frontgraph.toml instead, for editors.")
@click.option("--compact", is_flag=True, help="Print it in few words, for language models: a line for each type.")
@click.option("--federation", is_flag=True, help="Print it as a subgraph of Apollo Federation, for a composition.")
def schema(configuration: bool, compact: bool, federation: bool) -> None:
    """Print the GraphQL schema."""
    if configuration:
        from graph.sites.configuration_file import configuration_schema

        print_json(configuration_schema())
        return
    if compact:
        from api.adapters.strawberry import core_schema
        from api.schema.assembly import schema as own_schema
        from api.schema.compact import compact_schema

        click.echo(compact_schema(core_schema(own_schema)), nl=False)
        return
    if federation:
        from api.schema.federation import subgraph_schema

        click.echo(subgraph_schema(), nl=False)
        return
    from api.schema.assembly import print_schema

    click.echo(print_schema(), nl=False)
