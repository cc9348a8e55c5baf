// Real speech, in pieces as a microphone brings them.
import { execFileSync } from 'node:child_process';

const headerSize = 44;
const rate = 22050; // espeak-ng's own
const pieceSize = rate / 50 * 2; // 20 ms

// Blobs of audio: the sentence and the quiet after it.
export function speech(sentence, quietSeconds = 1.5) {
  const wav = execFileSync('espeak-ng', ['--stdout', sentence]);
  if (wav.readUInt32LE(24) !== rate) throw new Error('espeak-ng speaks at another rate');
  const pcm = Buffer.concat([wav.subarray(headerSize), Buffer.alloc(quietSeconds * rate * 2)]);
  const pieces = [];
  for (let from = 0; from < pcm.length; from += pieceSize) {
    pieces.push({
      data: pcm.subarray(from, from + pieceSize).toString('base64'),
      mimeType: `audio/pcm;rate=${rate}`,
    });
  }
  return pieces;
}
