// The page of an actor: the body as it is, lit by a place, to turn and to move.
// What it needs stands in the page: window.UNDERSTUDY = {glb: base64 of a gzipped GLB, place, plate, notice, shapes,
// neural: {avatar: base64, gzipped, setting, channels}, null for an actor without an avatar}.
import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { figureOf, rendererOf } from "./figure.js";
import { FACES, Idle } from "./acting.js";
import { Film } from "./film.js";

const given = window.UNDERSTUDY;
const started = performance.now();

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

const renderer = rendererOf(THREE, given.place, { antialias: true, preserveDrawingBuffer: true });
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
window.loadedMs = performance.now() - (window.pageStartedMs ?? started);
const shapes = given.shapes;
const figure = await figureOf(THREE, gltf, { renderer, scene, place: given.place, shapes });
const { body, parts, hair, swing, follow } = figure;
if (given.plate) {
  const plate = await new THREE.TextureLoader().loadAsync(given.plate);
  plate.colorSpace = THREE.SRGBColorSpace;
  scene.background = plate;
} else {
  scene.background = new THREE.Color(...given.place.backdrop.middle);
}

function wear(face, head, gaze) {
  figure.wear(face);
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
  figure.fit(fineness());
}
// the look of films, once it is asked for: the body steps aside, the set stays
let film = null, filmed = false;
async function look(on) {
  if (on && !film) {
    film = new Film(await unpacked(given.neural.avatar), given.neural);
    renderer.domElement.after(film.canvas);
  }
  filmed = on;
  film.canvas.style.display = on ? "block" : "none";
  body.visible = !on;
}
function draw(face, head = [0, 0, 0], gaze = [0, 0], second = null) {
  if (!filmed) pose(face, head, gaze, second);
  renderer.render(scene, camera);
  if (filmed) film.draw(face, head, gaze, second, camera, [renderer.domElement.width, renderer.domElement.height]);
}
if (given.neural) {
  const button = document.createElement("button");
  button.id = "look";
  button.textContent = "film look";
  button.onclick = async () => {
    button.disabled = true;
    try {
      await look(!filmed);
      button.textContent = filmed ? "body" : "film look";
      button.disabled = false;
    } catch (error) {   // the body goes on
      button.textContent = `no film look: ${error.message}`;
    }
  };
  bar.append(button);
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
  figure.fit(fineness());
}
function perform(second) {
  seek(second);
  renderer.render(scene, camera);
}
draw({});
window.firstPictureMs = performance.now() - (window.pageStartedMs ?? started);
window.actor = { draw, pose, look, seek, perform, clips: gltf.animations, camera, controls, renderer, parts, hair, FACES, triangles: () => renderer.info.render.triangles };
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
