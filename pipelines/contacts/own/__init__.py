"""Attribution: the owner of each number and unit."""
