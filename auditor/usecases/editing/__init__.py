"""What an editor is told about policies and the files around them, while they are being written."""
