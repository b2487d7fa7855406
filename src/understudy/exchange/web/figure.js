// A body on its set: its materials, its hair, the lamps, and what follows a face. Made for the page of an actor and for a
// live talk alike; three.js comes as an argument, so that each page has one of its own.
import { hairPatch, skinPatch, eyePatch, corneaMaterial, mouthPatch, tearPatch } from "./materials.js";
import { hairOf } from "./hair.js";
import { surroundings } from "./surroundings.js";
import { Swing } from "./swing.js";
import { AGX } from "./tone.js";

// A renderer that shows light as the looks of the engine do. Before the first material is made.
export function rendererOf(THREE, place, options) {
  const renderer = new THREE.WebGLRenderer(options);
  THREE.ShaderChunk.tonemapping_pars_fragment = THREE.ShaderChunk.tonemapping_pars_fragment.replace(
    "vec3 CustomToneMapping( vec3 color ) { return color; }", AGX);
  renderer.toneMapping = THREE.CustomToneMapping;
  renderer.toneMappingExposure = place.grade.exposure;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  return renderer;
}

// gltf: what GLTFLoader made of a body. place: lights, ambience and grade of a set. shapes: the names of the 52. The
// middle between the eyes comes to stand at the origin of the scene.
export async function figureOf(THREE, gltf, { renderer, scene, place, shapes }) {
  const body = gltf.scene;
  scene.add(body);
  const parts = {};
  body.traverse((o) => {
    parts[o.name] = o;
    if (o.isMesh) o.frustumCulled = false;
  });
  body.updateMatrixWorld(true);
  const eyes = ["leftEye", "rightEye"].filter((n) => parts[n]).map((n) => parts[n].getWorldPosition(new THREE.Vector3()));
  const middle = eyes.length === 2 ? eyes[0].clone().add(eyes[1]).multiplyScalar(0.5) : new THREE.Vector3(0, 1.6, 0.1);
  body.position.sub(middle);
  body.updateMatrixWorld(true);
  const around = surroundings(THREE, renderer, place.ambience);
  const three = [0, 1, 2].map((i) => place.lights[i] ?? { towards: [0, 1, 0], colour: [0, 0, 0] });
  const hair = await hairOf(THREE, gltf, parts, {
    lampTo: { value: three.map((lamp) => new THREE.Vector3(...lamp.towards).normalize()) },
    lampColour: { value: three.map((lamp) => new THREE.Vector3(...lamp.colour)) },
    harmonics: { value: around.harmonics },
    toneMappingExposure: { value: place.grade.exposure },
  }, middle);
  scene.environment = around.map;
  const lamps = place.lights.map((lamp, i) => lit(THREE, scene, lamp, i === 0));
  const dressed = await dress(THREE, gltf, parts);
  const meshes = Object.values(parts).filter((o) => o.isMesh && o.morphTargetInfluences);

  // what follows the shapes of the face: the dark of the mouth, wrinkles, hair
  function follow(face) {
    const open = Math.min(1, 0.1 + 2.2 * Math.max(0, (face.jawOpen ?? 0) - (face.mouthClose ?? 0)) + (face.mouthUpperUpLeft ?? 0));
    for (const mouth of dressed.mouths) mouth.value = open;
    for (const [material, groups] of dressed.wrinkled) {
      const drive = groups.map((g) => Math.min(1, Object.entries(g).reduce((s, [k, v]) => s + v * (face[k] ?? 0), 0)));
      material.userData.drive.forEach((v, i) => v.set(drive[4 * i] ?? 0, drive[4 * i + 1] ?? 0, drive[4 * i + 2] ?? 0, drive[4 * i + 3] ?? 0));
    }
    for (const one of hair) one.ride(face);
  }

  function wear(face) {
    for (const mesh of meshes) {
      const index = mesh.morphTargetDictionary;
      for (const shape of shapes) if (index[shape] !== undefined) mesh.morphTargetInfluences[index[shape]] = face[shape] ?? 0;
    }
    follow(face);
  }

  // flush: -1 pale .. 1 deep red. tears: 0 dry .. 0.5 brimming .. 1 running.
  function colour(flush, tears) {
    for (const one of dressed.flushes) one.value = Math.max(-1, Math.min(1, flush));
    for (const one of dressed.reds) one.value = Math.max(0, Math.min(1, tears));
    for (const tell of dressed.tears) tell(Math.max(0, Math.min(1, tears)));
  }

  colour(0, 0);
  return { body, parts, hair, lamps, swing: parts.head ? new Swing(THREE, parts.head) : null, wear, follow, colour };
}

// a lamp of the place; the first throws a shadow
function lit(THREE, scene, lamp, shadow) {
  const light = new THREE.DirectionalLight(new THREE.Color(...lamp.colour), 1);
  light.position.set(...lamp.towards).normalize().multiplyScalar(1.2);
  if (shadow) {
    light.castShadow = true;
    light.shadow.mapSize.set(1024, 1024);
    Object.assign(light.shadow.camera, { left: -0.3, right: 0.3, top: 0.25, bottom: -0.4, near: 0.5, far: 2 });
    light.shadow.bias = -0.0006;
    light.shadow.normalBias = 0.0015;
    light.shadow.radius = 4;
  }
  scene.add(light);
  return light;
}

async function dress(THREE, gltf, parts) {
  const made = { mouths: [], wrinkled: [], flushes: [], reds: [], tears: [] };
  const texture = async (index, space) => {
    if (index === undefined) return null;
    const found = await gltf.parser.getDependency("texture", index);
    const own = found.clone();
    own.colorSpace = space;
    own.needsUpdate = true;
    return own;
  };
  for (const mesh of Object.values(parts)) {
    if (!mesh.isMesh) continue;
    const old = mesh.material, name = old.name, own = old.userData.understudy ?? {}, has = mesh.geometry.attributes;
    mesh.castShadow = /^(skin|hair|clothes|cloth)/.test(mesh.name);
    mesh.receiveShadow = !/cornea|lens/i.test(mesh.name);
    if (name === "skin") {
      const skin = new THREE.MeshPhysicalMaterial({
        map: old.map, normalMap: old.normalMap, roughnessMap: old.roughnessMap, aoMap: old.aoMap ?? old.roughnessMap,
        metalness: 0, roughness: 1, ior: 1.4 });
      skin.normalScale.copy(old.normalScale);
      for (const t of [skin.map, skin.normalMap, skin.roughnessMap]) if (t) t.anisotropy = 8;
      const wrinkle = has._wrinkle0 ? await texture(own.wrinkle, THREE.NoColorSpace) : null;
      const flush = skinPatch(THREE, skin, await texture(own.mask, THREE.NoColorSpace), wrinkle, !!has._reach, !!has._flush);
      if (wrinkle) made.wrinkled.push([skin, mesh.userData.wrinkles ?? []]);
      made.flushes.push(flush);
      mesh.material = skin;
    } else if (/^(hair|brow)/.test(name)) {
      const strand = new THREE.MeshPhysicalMaterial({
        map: old.map, color: old.color, side: THREE.DoubleSide, roughness: 0.5, specularIntensity: 0.3,
        alphaTest: old.map ? 0.36 : 0, alphaToCoverage: !!old.map });
      if (has._strand) hairPatch(THREE, strand);
      mesh.material = strand;
    } else if (name === "eye") {
      made.reds.push(eyePatch(THREE, old));
    } else if (name === "cornea") {
      mesh.material = corneaMaterial(THREE);
      mesh.renderOrder = 5;
    } else if (name === "teeth" || name === "tongue" || name === "mouth") {
      made.mouths.push(mouthPatch(THREE, old));
    } else if (/^tear(Line|Track)/.test(name)) {
      made.tears.push(tearPatch(old, /Track/.test(name)));
    }
  }
  return made;
}
