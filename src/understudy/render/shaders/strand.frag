// Strands, lit at their points. Those that are thinner than a sample are blended, by as much as they cover.
in vec3 shown;
#ifdef THIN
in float ink;
#endif
out vec4 o;

void main() {
#ifdef THIN
    o = vec4(shown * ink, ink);
#else
    o = vec4(shown, 1.);
#endif
}
