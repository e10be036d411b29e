"""Messages out and answers in: what they say, how they travel, who had which."""
