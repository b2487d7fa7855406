"""The benchmark: what `understudy facebench` measures, of any subject that makes takes from sound."""
