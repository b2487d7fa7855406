// Writes depth only; with ALPHA, where the texture is solid; with IDENTITY, which triangle of which mesh it is.
#ifdef ALPHA
in vec2 uv;
uniform sampler2D albedo;
uniform float opaque_from;
#endif
#ifdef IDENTITY
uniform int mesh;
out vec4 o;
#endif
void main() {
#ifdef ALPHA
    if (texture(albedo, uv).a < opaque_from) discard;
#endif
#ifdef IDENTITY
    o = vec4(float(gl_PrimitiveID & 255), float((gl_PrimitiveID >> 8) & 255), float((gl_PrimitiveID >> 16) & 255), float(mesh)) / 255.;
#endif
}
