"""Where tables come from. A source gives datasets; nothing above it knows how they are kept."""
