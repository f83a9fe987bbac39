"""Text functions for all packages: normalizing, particles, phone numbers, masking, pictures, front matter."""
