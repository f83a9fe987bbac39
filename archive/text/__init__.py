"""What is done with text wherever it is kept: folding Korean, masking, pictures, front matter."""
