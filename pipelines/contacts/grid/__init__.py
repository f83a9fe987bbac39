"""Read everything tabular as one grid."""
