"""The rule of each system by which its documents have their addresses: a module for each, a function of a site, a location and what is said."""
