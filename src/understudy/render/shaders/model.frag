// Diffuse light on a surface of a set, in linear radiance; it is seen out of focus.
in vec3 at;
in vec3 normal;
in vec2 uv;
layout(location = 0) out vec4 o;
layout(location = 1) out float away;
uniform sampler2D picture;
uniform vec3 colour;
uniform vec3 emission;
uniform vec4 lamp_at[3];     // a place (w 1) or a direction (w 0)
uniform vec3 lamp_colour[3]; // irradiance at the actor
uniform vec3 up;
uniform vec3 horizon;
uniform vec3 down;
uniform float lens_z;
uniform float clear_m;
void main() {
    away = lens_z - at.z;
    if (away < clear_m) discard;
    vec3 n = normalize(normal);
    if (dot(n, vec3(0., 0., lens_z) - at) < 0.) n = -n;
    vec3 a = pow(texture(picture, uv).rgb, vec3(2.2)) * colour;
    vec3 lit = n.y > 0. ? mix(horizon, up, n.y) : mix(horizon, down, -n.y);
    for (int i = 0; i < 3; i++) {
        vec3 to = lamp_at[i].xyz - at * lamp_at[i].w;
        float fall = lamp_at[i].w > .5 ? min(dot(lamp_at[i].xyz, lamp_at[i].xyz) / max(dot(to, to), .01), 12.) : 1.;
        lit += lamp_colour[i] * (max(dot(n, normalize(to + 1e-6)), 0.) * fall / 3.14159265);
    }
    o = vec4(a * lit + emission, 1.);
}
