"""From the graph to what others read."""
