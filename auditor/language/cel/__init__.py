"""The Common Expression Language: source, lexer, parser, tree, types, checker."""
