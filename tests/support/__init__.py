"""What several tests need: commands, servers, graphs made by a seed."""
