// A beat and a picture on the wire: live/packets.py.
const HEAD = 28, PICTURE_HEAD = 20;

// Returns {voiced, turn, start, rate, frames, channels, rows: Int16Array, sound: Int16Array}; null for anything else.
export function unpacked(buffer) {
  if (buffer.byteLength < HEAD) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== 0x55 || view.getUint8(1) !== 0x42 || view.getUint8(2) !== 1) return null;
  const frames = view.getUint16(20, true), channels = view.getUint16(22, true), samples = view.getUint32(24, true);
  const rows = 2 * frames * channels;
  if (buffer.byteLength !== HEAD + rows + 2 * samples) return null;
  return {
    voiced: (view.getUint8(3) & 1) === 1, turn: view.getUint32(4, true), start: view.getFloat64(8, true),
    rate: view.getUint32(16, true), frames, channels,
    rows: new Int16Array(buffer.slice(HEAD, HEAD + rows)), sound: new Int16Array(buffer.slice(HEAD + rows)),
  };
}

// Returns {turn, start, width, height, jpeg: Blob} of a picture; null for anything else.
export function picture(buffer) {
  if (buffer.byteLength <= PICTURE_HEAD) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== 0x55 || view.getUint8(1) !== 0x50 || view.getUint8(2) !== 1) return null;
  return {
    turn: view.getUint32(4, true), start: view.getFloat64(8, true), width: view.getUint16(16, true), height: view.getUint16(18, true),
    jpeg: new Blob([new Uint8Array(buffer, PICTURE_HEAD)], { type: "image/jpeg" }),
  };
}
