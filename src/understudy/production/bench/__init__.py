"""The benchmark: what the rows of `understudy facebench` are measured on, by any subject that makes takes from sound."""
