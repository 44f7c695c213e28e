"""The dataset as files: data in every format, and what describes, cites and checks them."""
