"""Answers clients over GraphQL, HTTP and the command line, from what `graph` holds."""
