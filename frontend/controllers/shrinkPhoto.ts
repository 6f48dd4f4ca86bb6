/** Makes a large photo small before it is sent. A picture the browser cannot draw (HEIC on many) goes as it is: the server
 * reads it. Drawing turns it upright and leaves its place behind. */
const LARGE = 1_500_000; // bytes
const EDGE = 2560; // what the server keeps at most (core/limits.py)

export async function shrinkPhoto(photo: Blob): Promise<Blob> {
  if (photo.size < LARGE) return photo;
  try {
    const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < photo.size ? made : photo;
  } catch {
    return photo; // not a picture to this browser; the server says what it is
  }
}
