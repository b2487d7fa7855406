// The page of an actor: the body as it is, lit by a place, to turn and to move.
// What it needs stands in the page: window.UNDERSTUDY = {glb: base64 of a gzipped GLB, place, plate, notice, shapes}.
import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { hairPatch, skinPatch, eyePatch, corneaMaterial, mouthPatch } from "./materials.js";
import { hairOf } from "./hair.js";
import { surroundings } from "./surroundings.js";
import { Swing } from "./swing.js";
import { AGX } from "./tone.js";
import { FACES, Idle } from "./acting.js";

const given = window.UNDERSTUDY;
const started = performance.now();

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

const renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
THREE.ShaderChunk.tonemapping_pars_fragment = THREE.ShaderChunk.tonemapping_pars_fragment.replace(
  "vec3 CustomToneMapping( vec3 color ) { return color; }", AGX);
renderer.toneMapping = THREE.CustomToneMapping;
renderer.toneMappingExposure = given.place.grade.exposure;
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFShadowMap;
document.body.prepend(renderer.domElement);

const scene = new THREE.Scene();
const camera = new THREE.PerspectiveCamera(14.5, 1, 0.2, 6);
const controls = new OrbitControls(camera, renderer.domElement);
controls.enablePan = false;
controls.minDistance = 0.35;
controls.maxDistance = 2.2;
controls.minPolarAngle = 1.1;
controls.maxPolarAngle = 1.85;

function lay() {
  const width = window.innerWidth, height = window.innerHeight;
  renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
  renderer.setSize(width, height);
  camera.aspect = width / height;
  camera.updateProjectionMatrix();
}
window.addEventListener("resize", lay);

const gltf = await new GLTFLoader().parseAsync(await unpacked(given.glb), "");
const body = gltf.scene;
window.loadedMs = performance.now() - (window.pageStartedMs ?? started);
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
const around = surroundings(THREE, renderer, given.place.ambience);
const three = [0, 1, 2].map((i) => given.place.lights[i] ?? { towards: [0, 1, 0], colour: [0, 0, 0] });
const hair = await hairOf(THREE, gltf, parts, {
  lampTo: { value: three.map((lamp) => new THREE.Vector3(...lamp.towards).normalize()) },
  lampColour: { value: three.map((lamp) => new THREE.Vector3(...lamp.colour)) },
  harmonics: { value: around.harmonics },
  toneMappingExposure: { value: given.place.grade.exposure },
}, middle);
const swing = parts.head ? new Swing(THREE, parts.head) : null;

// light: the lamps of the place, the first with a shadow, and its surroundings
const lamps = given.place.lights.map((lamp, i) => {
  const light = new THREE.DirectionalLight(new THREE.Color(...lamp.colour), 1);
  light.position.set(...lamp.towards).normalize().multiplyScalar(1.2);
  if (i === 0) {
    light.castShadow = true;
    light.shadow.mapSize.set(1024, 1024);
    Object.assign(light.shadow.camera, { left: -0.3, right: 0.3, top: 0.25, bottom: -0.4, near: 0.5, far: 2 });
    light.shadow.bias = -0.0006;
    light.shadow.normalBias = 0.0015;
    light.shadow.radius = 4;
  }
  scene.add(light);
  return light;
});
scene.environment = around.map;
if (given.plate) {
  const plate = await new THREE.TextureLoader().loadAsync(given.plate);
  plate.colorSpace = THREE.SRGBColorSpace;
  scene.background = plate;
} else {
  scene.background = new THREE.Color(...given.place.backdrop.middle);
}

const texture = async (index, space) => {
  if (index === undefined) return null;
  const found = await gltf.parser.getDependency("texture", index);
  const own = found.clone();
  own.colorSpace = space;
  own.needsUpdate = true;
  return own;
};
const mouths = [], wrinkled = [];
for (const mesh of Object.values(parts)) {
  if (!mesh.isMesh) continue;
  const old = mesh.material, name = old.name, own = old.userData.understudy ?? {};
  mesh.castShadow = /^(skin|hair|clothes|cloth)/.test(mesh.name);
  mesh.receiveShadow = !/cornea|lens/i.test(mesh.name);
  if (name === "skin") {
    const made = new THREE.MeshPhysicalMaterial({
      map: old.map, normalMap: old.normalMap, roughnessMap: old.roughnessMap, aoMap: old.aoMap ?? old.roughnessMap,
      metalness: 0, roughness: 1, ior: 1.4 });
    made.normalScale.copy(old.normalScale);
    for (const t of [made.map, made.normalMap, made.roughnessMap]) if (t) t.anisotropy = 8;
    const wrinkle = mesh.geometry.attributes._wrinkle0 ? await texture(own.wrinkle, THREE.NoColorSpace) : null;
    skinPatch(THREE, made, await texture(own.mask, THREE.NoColorSpace), wrinkle, !!mesh.geometry.attributes._reach);
    if (wrinkle) wrinkled.push([made, mesh.userData.wrinkles ?? []]);
    mesh.material = made;
  } else if (/^(hair|brow)/.test(name)) {
    const made = new THREE.MeshPhysicalMaterial({
      map: old.map, color: old.color, side: THREE.DoubleSide, roughness: 0.5, specularIntensity: 0.3,
      alphaTest: old.map ? 0.36 : 0, alphaToCoverage: !!old.map });
    if (mesh.geometry.attributes._strand) hairPatch(THREE, made);
    mesh.material = made;
  } else if (name === "eye") {
    eyePatch(THREE, old);
  } else if (name === "cornea") {
    mesh.material = corneaMaterial(THREE);
    mesh.renderOrder = 5;
  } else if (name === "teeth" || name === "tongue" || name === "mouth") {
    mouths.push(mouthPatch(THREE, old));
  }
}

const shapes = given.shapes;
const meshes = Object.values(parts).filter((o) => o.isMesh && o.morphTargetInfluences);
// what follows the shapes of the face: the dark of the mouth, wrinkles, hair
function follow(face) {
  const open = Math.min(1, 0.1 + 2.2 * Math.max(0, (face.jawOpen ?? 0) - (face.mouthClose ?? 0)) + (face.mouthUpperUpLeft ?? 0));
  for (const mouth of mouths) mouth.value = open;
  for (const [material, groups] of wrinkled) {
    const drive = groups.map((g) => Math.min(1, Object.entries(g).reduce((s, [k, v]) => s + v * (face[k] ?? 0), 0)));
    material.userData.drive.forEach((v, i) => v.set(drive[4 * i] ?? 0, drive[4 * i + 1] ?? 0, drive[4 * i + 2] ?? 0, drive[4 * i + 3] ?? 0));
  }
  for (const one of hair) one.ride(face);
}
function wear(face, head, gaze) {
  for (const mesh of meshes) {
    const index = mesh.morphTargetDictionary;
    for (const shape of shapes) if (index[shape] !== undefined) mesh.morphTargetInfluences[index[shape]] = face[shape] ?? 0;
  }
  follow(face);
  const rest = (o) => (o.userData.rest ??= o.quaternion.clone());
  const turn = (o, x, y, z) => o && o.quaternion.copy(rest(o)).multiply(new THREE.Quaternion().setFromEuler(new THREE.Euler(x, y, z, "YXZ")));
  turn(parts.neck, head[0] * 0.4, head[1] * 0.4, head[2] * 0.4);
  turn(parts.head, head[0] * 0.6, head[1] * 0.6, head[2] * 0.6);
  turn(parts.leftEye, gaze[0], gaze[1], 0);
  turn(parts.rightEye, gaze[0], gaze[1], 0);
}

// how many pixels a metre has at the actor, in the picture as it is drawn
function fineness() {
  const away = camera.position.distanceTo(controls.target);
  return renderer.domElement.height / (2 * away * Math.tan(THREE.MathUtils.degToRad(camera.fov / 2)));
}

lay();
camera.position.set(0, -0.03, 1.62);
controls.target.set(0, -0.07, 0);
controls.update();
const idle = new Idle();
let chosen = {};
const bar = document.getElementById("faces");
for (const [name, face] of Object.entries(FACES)) {
  const button = document.createElement("button");
  button.textContent = name;
  button.onclick = () => { chosen = face; };
  bar.append(button);
}
// second: when this is, for hair that swings; none: at rest
function pose(face, head = [0, 0, 0], gaze = [0, 0], second = null) {
  wear(face, head, gaze);
  swing?.sway(hair, head, second);
  for (const one of hair) one.fit(fineness());
}
function draw(...how) {
  pose(...how);
  renderer.render(scene, camera);
}
// a body that brings a performance: its clip at a second
const mixer = gltf.animations.length ? new THREE.AnimationMixer(body) : null;
let played = null, clock = () => null;
const turning = new THREE.Euler();
function seek(second) {
  mixer.clipAction(gltf.animations[0]).play();
  mixer.setTime(Math.min(second, gltf.animations[0].duration - 1e-4));
  const { morphTargetDictionary: places, morphTargetInfluences: weights } = parts.skin;
  follow(Object.fromEntries(shapes.map((shape) => [shape, weights[places[shape]] ?? 0])));
  body.updateMatrixWorld(true);
  turning.setFromRotationMatrix(parts.head.matrixWorld, "YXZ");
  swing?.sway(hair, [turning.x, turning.y, turning.z], second);
  for (const one of hair) one.fit(fineness());
}
function perform(second) {
  seek(second);
  renderer.render(scene, camera);
}
draw({});
window.firstPictureMs = performance.now() - (window.pageStartedMs ?? started);
window.actor = { draw, pose, seek, perform, clips: gltf.animations, camera, controls, renderer, parts, hair, FACES, triangles: () => renderer.info.render.triangles };
document.getElementById("wait")?.remove();
if (!new URLSearchParams(location.search).has("still")) {
  renderer.setAnimationLoop((ms) => {
    controls.update();
    const second = played === null ? null : clock();
    if (second !== null) return perform(second);
    const { face, head, gaze } = idle.at(ms / 1000, chosen, camera.position);
    draw(face, head, gaze, ms / 1000);
  });
}
window.ready = true;

// the performance is played from its start; its sound, where there is one, is the clock
if (mixer) {
  const sound = given.sound ? new Audio(given.sound) : null;
  const button = document.createElement("button");
  const length = gltf.animations[0].duration;
  button.textContent = "play";
  button.onclick = async () => {
    if (sound) {
      sound.currentTime = 0;
      await sound.play();
    }
    played = performance.now();
  };
  bar.prepend(button);
  clock = () => {
    const second = sound ? sound.currentTime : (performance.now() - played) / 1000;
    if (second < length && !sound?.ended) return second;
    played = null;
    mixer.stopAllAction();  // everything is where it was before
    return null;
  };
}
