// The hair and the beard of a body: grown from the grooms its GLB brings, hung on its joints, ridden by its skin.
import { Guides, grow, underCoat } from "./strands.js";
import { fibreMaterial } from "./fibre.js";

const VIEWS = ["points", "root", "bary", "lock", "tone", "out", "lit", "joints", "weights", "skin", "deep", "alone"];
const SHADING = 4;      // one strand in so many casts a shadow; at the size of a shadow's texels they close
const FREE_OVER_M = 0.085;
const TAPERED_M = 0.02;
const DEAL = 64;        // guides in a row of the texture of what they ride

// middle: (x, y, z) by which the body was moved from where it is at rest, the other way.
export async function hairOf(THREE, gltf, parts, light, middle) {
  const found = [];
  for (const entry of gltf.parser.json.extras?.understudy?.grooms ?? []) {
    const views = {};
    if (!(entry.bones ?? []).length || !entry.bones.every((name) => parts[name])) continue;
    for (const key of VIEWS) views[key] = await gltf.parser.getDependency("bufferView", entry[key]);
    found.push(new Hair(THREE, new Guides(entry, views), parts, light, middle));
  }
  return found;
}

class Hair {
  constructor(THREE, guides, parts, light, middle) {
    Object.assign(this, { THREE, guides, grown: 0, batches: [], skin: parts.skin, parent: parts.skin.parent });
    const bones = guides.bones.map((name) => parts[name]);
    const moved = new THREE.Matrix4().makeTranslation(middle);
    this.skeleton = new THREE.Skeleton(bones, bones.map((bone) => moved.clone().multiply(bone.matrixWorld).invert()));
    this.head = parts.head;
    const hangs = guides.name === "hair" && this.head;
    this.uniforms = { ...light, sway: { value: new THREE.Matrix4().multiplyScalar(0) },
      freeY: { value: hangs ? this.head.getWorldPosition(new THREE.Vector3()).y + middle.y + FREE_OVER_M : -1e3 } };
    this.riding = guides.name !== "hair" && !!this.skin.morphTargetInfluences;
    if (this.riding) {
      const rows = Math.ceil(guides.count / DEAL);
      this.ridden = new THREE.DataTexture(new Float32Array(4 * DEAL * rows), DEAL, rows, THREE.RGBAFormat, THREE.FloatType);
      this.ridden.needsUpdate = true;
      this.uniforms.ridden = { value: this.ridden };
      this.moves = new Map();
      const bone = this.skin.skeleton.bones.indexOf(bones[bones.length - 1]);
      // the skin's own numbers may be on a grid; its joints undo that
      this.fromSkin = new THREE.Matrix3().setFromMatrix4(
        new THREE.Matrix4().multiplyMatrices(bones[bones.length - 1].matrixWorld, this.skin.skeleton.boneInverses[bone]));
    }
    const taper = Math.min(0.6, Math.max(0.1, TAPERED_M / guides.typical));
    this.materials = [true, false].map((thin) => fibreMaterial(THREE, this.uniforms, this.riding, thin, taper));
    const coat = underCoat(guides);
    if (coat) this.#add(coat, false);
  }

  // as many strands as a picture shows in which a metre is so many pixels
  fit(pxPerM) {
    const wanted = this.guides.wanted(pxPerM);
    if (wanted > this.grown * 1.25) {
      this.#add(grow(this.guides, wanted - this.grown, this.batches.length), true);
      this.grown = wanted;
    }
    for (const lines of this.batches) lines.share = Math.min(1, Math.max(0.3, wanted / this.grown));
    for (const lines of this.batches) lines.geometry.setDrawRange(0, lines.pieces * Math.ceil(lines.share * lines.strands));
  }

  // how the skin carries the roots of a beard. face: the weights that are not 0
  ride(weights) {
    if (!this.riding) return;
    const data = this.ridden.image.data, worn = Object.entries(weights).filter(([, w]) => Math.abs(w) > 1e-3);
    if (!worn.length && !this.ridden.worn) return;
    data.fill(0);
    for (const [name, weight] of worn) {
      const moved = this.#moved(name);
      if (moved) for (let i = 0; i < data.length; i++) data[i] += weight * moved[i];
    }
    this.ridden.worn = worn.length > 0;
    this.ridden.needsUpdate = true;
  }

  #moved(name) {
    if (this.moves.has(name)) return this.moves.get(name);
    const target = this.skin.geometry.morphAttributes.position?.[this.skin.morphTargetDictionary[name]];
    let made = null;
    if (target) {
      made = new Float32Array(this.ridden.image.data.length);
      const g = this.guides, v = new this.THREE.Vector3();
      for (let i = 0; i < g.count; i++) {
        const a = g.bary[2 * i] / 65535, b = g.bary[2 * i + 1] / 65535;
        [a, b, Math.max(0, 1 - a - b)].forEach((share, c) => {
          v.fromBufferAttribute(target, g.corners[3 * i + c]).applyMatrix3(this.fromSkin);
          made[4 * i] += share * v.x;
          made[4 * i + 1] += share * v.y;
          made[4 * i + 2] += share * v.z;
        });
      }
    }
    this.moves.set(name, made);
    return made;
  }

  #add(sheet, single) {
    const { THREE } = this, geometry = new THREE.BufferGeometry(), { lines, k } = sheet;
    geometry.setAttribute("position", new THREE.BufferAttribute(sheet.at, 3));
    for (const key of ["along", "outward", "lit", "tint"]) geometry.setAttribute(key, new THREE.BufferAttribute(sheet[key], 4, true));
    geometry.setAttribute("skinIndex", new THREE.BufferAttribute(sheet.joints, 4));
    geometry.setAttribute("skinWeight", new THREE.BufferAttribute(sheet.weights, 4, true));
    if (this.riding) geometry.setAttribute("root", new THREE.BufferAttribute(sheet.root, 1));
    const index = new Uint32Array(single ? 2 * lines * (k - 1) : 3 * lines * (k - 1));
    for (let s = 0, i = 0; s < lines; s += single ? 1 : 2) {
      for (let j = 0; j < k - 1; j++) {
        const a = s * k + j, b = a + k;
        if (single) { index[i++] = a; index[i++] = a + 1; }
        else { index.set([a, b, b + 1, a, b + 1, a + 1], i); i += 6; }
      }
    }
    geometry.setIndex(new THREE.BufferAttribute(index, 1));
    const { made, shadow } = this.materials[single ? 0 : 1], mesh = new THREE.SkinnedMesh(geometry, made);
    mesh.name = this.guides.name + (single ? "Strands" : "Coat");
    mesh.frustumCulled = false;
    mesh.castShadow = true;
    mesh.customDepthMaterial = shadow;
    if (single) {
      // lines that hang on joints as a mesh does
      Object.assign(mesh, { isMesh: false, isLine: true, isLineSegments: true, strands: lines, pieces: 2 * (k - 1), share: 1 });
      mesh.onBeforeShadow = () => geometry.setDrawRange(0, mesh.pieces * Math.ceil(mesh.share * lines / SHADING));
      mesh.onAfterShadow = () => geometry.setDrawRange(0, mesh.pieces * Math.ceil(mesh.share * lines));
      this.batches.push(mesh);
    }
    mesh.bind(this.skeleton, new THREE.Matrix4());
    this.parent.add(mesh);
  }
}
