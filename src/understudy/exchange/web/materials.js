// Skin, hair, eyes and mouth for three.js, by small changes to its physical material. The formulas are those of
// render/shaders; see there for their sources. A change of three.js that moves the text they hold on to is an error.
function placed(text, at, by) {
  if (!text.includes(at)) throw new Error("three.js has changed: " + at.slice(0, 60));
  return text.replace(at, by);
}

// shaded: whether the mesh says how much light hair leaves it (_REACH, exchange/page_hair.py). blushing: whether it says
// where blood rushes (_FLUSH). Returns what says how much: -1 pale .. 1 deep red.
export function skinPatch(THREE, material, mask, wrinkle, shaded, blushing) {
  const flush = { value: 0 };
  material.userData.drive = [new THREE.Vector4(), new THREE.Vector4()];
  material.onBeforeCompile = (shader) => {
    shader.uniforms.masks = { value: mask };
    shader.uniforms.hasMasks = { value: mask ? 1 : 0 };
    const chunk = THREE.ShaderChunk.lights_physical_pars_fragment;
    let lights = placed(chunk, "reflectedLight.directDiffuse += irradiance * diffuseBRDF * ( 1.0 - F );",
      `float dG = dot(smoothNormal, directLight.direction), dD = dot(geometryNormal, directLight.direction);
      vec3 w = vec3(.40, .16, .10) * (.45 + 1.2 * skinMask.r);
      vec3 d = vec3(mix(dD, dG, .8), mix(dD, dG, .45), mix(dD, dG, .25)), a = d + w;
      vec3 lit = mix(mix(vec3(0.), a * a / (4. * w), step(-w, d)), d, step(w, d));
      float back = max(dot(-smoothNormal, directLight.direction) * .6 + .4, 0.) * skinMask.g;
      reflectedLight.directDiffuse += directLight.color * (lit * diffuseBRDF + back * vec3(.20, .055, .028) * RECIPROCAL_PI);`);
    lights = placed(lights, "vec3 specularBRDF = BRDF_GGX( directLight.direction, geometryViewDir, geometryNormal, material );",
      `PhysicalMaterial sharp = material; sharp.roughness = max(material.roughness * .6, .06);
      vec3 specularBRDF = .74 * BRDF_GGX( directLight.direction, geometryViewDir, geometryNormal, material )
        + .26 * BRDF_GGX( directLight.direction, geometryViewDir, geometryNormal, sharp );`);
    let f = placed(shader.fragmentShader, "#include <lights_physical_pars_fragment>", "vec3 smoothNormal; vec3 skinMask;\n" + lights);
    f = f.replace("void main() {", "uniform sampler2D masks; uniform float hasMasks;\nvoid main() {");
    f = placed(f, "#include <lights_physical_fragment>",
      "skinMask = mix(vec3(.4, 0., 0.), texture2D(masks, vMapUv).rgb, hasMasks); smoothNormal = nonPerturbedNormal;\n#include <lights_physical_fragment>\nmaterial.roughness *= 1. - .45 * skinMask.b;");
    f = f.replace("#include <aomap_fragment>", THREE.ShaderChunk.aomap_fragment.replace(
      "reflectedLight.indirectDiffuse *= ambientOcclusion;",
      "reflectedLight.indirectDiffuse *= pow(vec3(max(ambientOcclusion, 1e-3)), vec3(.62, .92, 1.02));"));
    if (shaded) {
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nattribute vec4 _reach; varying vec4 vReach;")
        .replace("#include <begin_vertex>", "#include <begin_vertex>\nvReach = _reach;");
      f = f.replace("void main() {", "varying vec4 vReach;\nvoid main() {");
      f = placed(f, "#include <lights_fragment_begin>", placed(THREE.ShaderChunk.lights_fragment_begin,
        "getDirectionalLightInfo( directionalLight, directLight );",
        "getDirectionalLightInfo( directionalLight, directLight );\ndirectLight.color *= UNROLLED_LOOP_INDEX == 0 ? vReach.y : UNROLLED_LOOP_INDEX == 1 ? vReach.z : vReach.w;"));
      f = placed(f, "reflectedLight.indirectDiffuse *= pow(", "reflectedLight.indirectSpecular *= vReach.x * vReach.x;\nreflectedLight.directSpecular *= vReach.x * vReach.x;\nreflectedLight.indirectDiffuse *= vReach.x * pow(");
    }
    if (blushing) {
      shader.uniforms.flush = flush;
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nattribute float _flush; varying float vFlush;")
        .replace("#include <begin_vertex>", "#include <begin_vertex>\nvFlush = _flush;");
      f = f.replace("void main() {", "varying float vFlush; uniform float flush;\nvoid main() {");
      f = placed(f, "#include <map_fragment>", "#include <map_fragment>\ndiffuseColor.rgb *= exp2(vFlush * flush * clamp(diffuseColor.g * 2.4, .3, 1.) * vec3(-.25, -.76, -.62));");
    }
    if (wrinkle) {
      shader.uniforms.wrinkleMap = { value: wrinkle };
      shader.uniforms.drive0 = { value: material.userData.drive[0] };
      shader.uniforms.drive1 = { value: material.userData.drive[1] };
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nattribute vec4 _wrinkle0; attribute vec4 _wrinkle1; uniform vec4 drive0; uniform vec4 drive1; varying float vWrinkle;")
        .replace("#include <begin_vertex>", "#include <begin_vertex>\nvWrinkle = clamp(dot(_wrinkle0, drive0) + dot(_wrinkle1, drive1), 0., 1.);");
      f = f.replace("void main() {", "uniform sampler2D wrinkleMap; varying float vWrinkle;\nvoid main() {");
      f = placed(f, "#include <normal_fragment_maps>", THREE.ShaderChunk.normal_fragment_maps.replace(
        "mapN.xy *= normalScale;", "mapN.xy = mapN.xy * normalScale + (texture2D(wrinkleMap, vNormalMapUv).xy * 2. - 1.) * vWrinkle * normalScale;"));
    }
    shader.fragmentShader = f;
  };
  return flush;
}

export function hairPatch(THREE, material) {
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nattribute vec4 _strand; varying vec4 vStrand;")
      .replace("#include <project_vertex>", "#include <project_vertex>\nvStrand = vec4(normalize(normalMatrix * _strand.xyz), _strand.w);");
    const chunk = THREE.ShaderChunk.lights_physical_pars_fragment;
    const start = chunk.indexOf("void RE_Direct_Physical("), open = chunk.indexOf("{", start), end = chunk.indexOf("\n}", open);
    if (start < 0) throw new Error("three.js has changed: RE_Direct_Physical");
    const direct = chunk.slice(0, open) + `{
      vec3 T = normalize(vStrand.xyz), N = geometryNormal, L = directLight.direction, V = geometryViewDir, H = normalize(L + V);
      float nl = dot(N, L), sl = sqrt(max(1. - pow(dot(T, L), 2.), 0.));
      vec3 t1 = normalize(T - N * .09), t2 = normalize(T + N * .11);
      float k1 = pow(sqrt(max(1. - pow(dot(t1, H), 2.), 0.)), 64.), k2 = pow(sqrt(max(1. - pow(dot(t2, H), 2.), 0.)), 16.);
      float occ = mix(.5, 1., clamp(vStrand.w * 4., 0., 1.));
      reflectedLight.directDiffuse += directLight.color * clamp((nl + .35) / 1.35, 0., 1.) * sl * occ * BRDF_Lambert(material.diffuseColor);
      reflectedLight.directSpecular += directLight.color * smoothstep(-.1, .35, nl) * occ * (.02 * k1 + .2 * k2 * material.diffuseColor);` + chunk.slice(end);
    let f = placed(shader.fragmentShader, "#include <lights_physical_pars_fragment>", "varying vec4 vStrand;\n" + direct);
    f = placed(f, "#include <map_fragment>", "#ifdef USE_MAP\nvec4 strip = texture2D(map, vMapUv); diffuseColor.a *= strip.a; diffuseColor.rgb *= .5 + .85 * strip.g;\n#endif");
    f = f.replace("#include <aomap_fragment>", "float hidden = mix(.55, 1., clamp(vStrand.w * 4., 0., 1.)); reflectedLight.indirectDiffuse *= .6 * hidden; reflectedLight.indirectSpecular *= .5 * hidden;");
    shader.fragmentShader = f;
  };
}

// The white is shaded by the lids: darker towards the rim of the ball and under the upper lid. Returns what says how
// much it has wept: 0 .. 1.
export function eyePatch(THREE, material) {
  const wept = { value: 0 };
  material.roughness = 0.5;
  material.onBeforeCompile = (shader) => {
    shader.uniforms.wept = wept;
    shader.vertexShader = shader.vertexShader.replace("#include <common>", "#include <common>\nvarying vec3 vBall;")
      .replace("#include <begin_vertex>", "#include <begin_vertex>\nvBall = normalize(position);");
    let f = shader.fragmentShader.replace("#include <common>", "#include <common>\nvarying vec3 vBall; uniform float wept;");
    f = placed(f, "#include <map_fragment>", "#include <map_fragment>\ndiffuseColor.rgb *= mix(vec3(1.), vec3(1., .72, .70), wept * smoothstep(.42, .52, length(vBall.xy)));");
    f = placed(f, "#include <aomap_fragment>", `float lid = 1. - .6 * smoothstep(.10, .62, vBall.y) - .25 * smoothstep(-.30, -.6, vBall.y) - .3 * smoothstep(.45, .95, abs(vBall.x));
      lid = clamp(lid, .12, 1.); reflectedLight.directDiffuse *= lid; reflectedLight.indirectDiffuse *= vec3(lid, pow(lid, 1.12), pow(lid, 1.2)); reflectedLight.indirectSpecular *= .2; reflectedLight.directSpecular *= .2;`);
    shader.fragmentShader = f;
  };
  return wept;
}

// The line of tears along the lower lid, and a tear that runs. Returns what shows so many of them: 0 dry, 0.5 brimming.
export function tearPatch(material, running) {
  const dry = material.opacity;
  return (tears) => {
    material.opacity = running ? Math.min(0.3, 0.6 * Math.max(0, tears - 0.5)) : Math.min(0.5, dry * (1 + 2.2 * tears));
    material.visible = !running || tears > 0.5;
  };
}

export function corneaMaterial(THREE) {
  return new THREE.MeshPhysicalMaterial({
    color: 0, roughness: 0.03, ior: 1.376, envMapIntensity: 2.2, transparent: true, blending: THREE.AdditiveBlending, depthWrite: false });
}

export function mouthPatch(THREE, material) {
  const open = { value: 0.1 };
  material.roughness = Math.min(material.roughness, 0.35);
  material.onBeforeCompile = (shader) => {
    shader.uniforms.mouthOpen = open;
    let f = shader.fragmentShader.replace("#include <common>", "#include <common>\nuniform float mouthOpen;");
    f = placed(f, "#include <aomap_fragment>", "reflectedLight.directDiffuse *= .35 * mouthOpen; reflectedLight.indirectDiffuse *= mouthOpen; reflectedLight.directSpecular *= .5 * mouthOpen; reflectedLight.indirectSpecular *= .5 * mouthOpen;");
    shader.fragmentShader = f;
  };
  return open;
}
