// Light of one plane of the backdrop, premultiplied.
in vec2 st;
out vec4 o;
uniform sampler2D card;
void main() {
    o = texture(card, st);
}
