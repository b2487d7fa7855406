// Writes depth only; with ALPHA, where the texture is solid.
#ifdef ALPHA
in vec2 uv;
uniform sampler2D albedo;
uniform float opaque_from;
#endif
void main() {
#ifdef ALPHA
    if (texture(albedo, uv).a < opaque_from) discard;
#endif
}
