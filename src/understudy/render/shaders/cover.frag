// How much of a coarse texel the actor covers.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D actor;
uniform vec2 tap;
void main() {
    float a = texture(actor, st - tap).a + texture(actor, st + vec2(tap.x, -tap.y)).a
        + texture(actor, st + vec2(-tap.x, tap.y)).a + texture(actor, st + tap).a;
    o = vec4(a * .25);
}
