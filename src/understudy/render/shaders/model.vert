// A surface of a set, already in stage space.
in vec3 in_at;
in vec3 in_normal;
in vec2 in_uv;
uniform mat4 clip_from_stage;
out vec3 at;
out vec3 normal;
out vec2 uv;
void main() {
    at = in_at;
    normal = in_normal;
    uv = in_uv;
    gl_Position = clip_from_stage * vec4(in_at, 1.);
}
