"""What every other room is made of: durations and moments, keys, lines, private text, the roots of acts and kinds."""
