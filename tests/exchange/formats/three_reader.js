// What three.js makes of a GLB, without drawing it: window.read(base64) -> its clip; window.at(second) -> weights, turns.
import { AnimationMixer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

let mixer, scene;
window.read = async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const gltf = await new GLTFLoader().parseAsync(bytes.buffer, "");
  scene = gltf.scene;
  mixer = new AnimationMixer(scene);
  mixer.clipAction(gltf.animations[0]).play();
  return gltf.animations[0].duration;
};
window.at = (second) => {
  mixer.setTime(second);
  const skin = scene.getObjectByName("skin");
  return [skin.morphTargetDictionary, [...skin.morphTargetInfluences], scene.getObjectByName("head").quaternion.toArray()];
};
