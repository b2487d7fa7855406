// The ambience of a place (hub/place.py) as an environment map, and as nine spherical harmonics of irradiance / pi for
// what is lit at its points: the same formulas as render/environment.py.
// width: of that map; half of it takes a quarter of the time and mirrors less sharply.
export function surroundings(THREE, renderer, ambience, width = 256) {
  const height = width / 2, data = new Float32Array(width * height * 4);
  const ramp = (inside, edge) => {
    const t = Math.min(1, Math.max(0, (inside / edge) * 0.5 + 0.5));
    return t * t * (3 - 2 * t);
  };
  const glows = (ambience.glows ?? []).map((g) => {
    const centre = new THREE.Vector3(...g.towards).normalize();
    const helper = Math.abs(centre.y) < 0.99 ? new THREE.Vector3(0, 1, 0) : new THREE.Vector3(0, 0, -1);
    const right = new THREE.Vector3().crossVectors(helper, centre).normalize();
    return { ...g, edge: g.edge ?? 0.04, centre, right, top: new THREE.Vector3().crossVectors(centre, right) };
  });
  const v = new THREE.Vector3(), nine = new Float64Array(27), basis = new Float64Array(9);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const lat = ((j + 0.5) / height - 0.5) * Math.PI, lon = ((i + 0.5) / width - 0.5) * 2 * Math.PI;
      v.set(Math.cos(lat) * Math.cos(lon), Math.sin(lat), Math.cos(lat) * Math.sin(lon));
      const blend = Math.pow(Math.abs(v.y), 0.7), end = v.y > 0 ? ambience.up : ambience.down, at = 4 * (j * width + i);
      for (let c = 0; c < 3; c++) data[at + c] = ambience.horizon[c] + blend * (end[c] - ambience.horizon[c]);
      for (const g of glows) {
        const depth = v.dot(g.centre);
        if (depth < 0.02) continue;
        const share = ramp(g.half_width - Math.abs(v.dot(g.right) / depth), g.edge) * ramp(g.half_height - Math.abs(v.dot(g.top) / depth), g.edge);
        for (let c = 0; c < 3; c++) data[at + c] += share * g.radiance[c];
      }
      data[at + 3] = 1;
      const area = Math.cos(lat) * (Math.PI / height) * (2 * Math.PI / width), { x, y, z } = v;
      basis.set([0.282095, 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y, 1.092548 * y * z,
        0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y)]);
      for (let k = 0; k < 9; k++) for (let c = 0; c < 3; c++) nine[3 * k + c] += basis[k] * area * data[at + c];
    }
  }
  const map = new THREE.DataTexture(data, width, height, THREE.RGBAFormat, THREE.FloatType);
  map.mapping = THREE.EquirectangularReflectionMapping;
  map.minFilter = map.magFilter = THREE.LinearFilter;
  map.needsUpdate = true;
  const harmonics = Array.from({ length: 9 }, (_, k) =>
    new THREE.Vector3(...nine.subarray(3 * k, 3 * k + 3)).multiplyScalar(k === 0 ? 1 : k < 4 ? 2 / 3 : 1 / 4));
  return { map: new THREE.PMREMGenerator(renderer).fromEquirectangular(map).texture, harmonics };
}
