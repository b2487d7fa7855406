// Strands one sample thick: all is worked out at their points.
in vec3 shown;
out vec4 o;

void main() { o = vec4(shown, 1.); }
