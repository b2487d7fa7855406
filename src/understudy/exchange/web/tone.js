// AgX (Troy Sobotka, 2022) with three quarters of its punchy look, as in render/tone.py.
export const AGX = `vec3 CustomToneMapping(vec3 c) {
  c = max(c * toneMappingExposure, vec3(0.));
  mat3 into = mat3(.842479062253094, .0423282422610123, .0423756549057051, .0784335999999992, .878468636469772, .0784336,
    .0792237451477643, .0791661274605434, .879142973793104);
  c = clamp((log2(max(into * c, 1e-10)) + 12.47393) / 16.5, 0., 1.);
  vec3 x2 = c * c, x4 = x2 * x2;
  c = 15.5 * x4 * x2 - 40.14 * x4 * c + 31.96 * x4 - 6.868 * x2 * c + .4298 * x2 + .1191 * c - .00232;
  c = pow(max(c, vec3(0.)), vec3(1.26));
  float l = dot(c, vec3(.2126, .7152, .0722));
  c = l + 1.30 * (c - l);
  mat3 out_of = mat3(1.19687900512017, -.0528968517574562, -.0529716355144438, -.0980208811401368, 1.15190312990417,
    -.0980434501171241, -.0990297440797205, -.0989611768448433, 1.15107367264116);
  return pow(clamp(out_of * c, 0., 1.), vec3(2.2));
}`;
