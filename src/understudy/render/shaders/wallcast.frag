// The actor's shadow on a wall: the outline as the lamp throws it, softer than it is far.
in vec2 st;
in vec2 spot;
out vec4 o;
uniform sampler2D around;
uniform vec4 thrown;         // shift in the picture, scale about the middle, darkness
void main() {
    vec2 p = (spot - thrown.xy - .5) * thrown.z + .5;
    o = vec4(0., 0., 0., texture(around, p).r * thrown.w);
}
