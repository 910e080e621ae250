"""`frontgraph schema`."""

import click

from api.cli.output import print_json


@click.command()
@click.option("--configuration", is_flag=True, help="Print the JSON schema of frontgraph.toml instead, for editors.")
def schema(configuration: bool) -> None:
    """Print the GraphQL schema."""
    if configuration:
        from graph.sites.configuration_file import configuration_schema

        print_json(configuration_schema())
        return
    from api.schema.assembly import print_schema

    click.echo(print_schema(), nl=False)
