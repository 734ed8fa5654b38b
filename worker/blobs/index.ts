/** The door of stored pictures. */
export { PICTURE_BYTES, pictureHeaders, pictureTypeOf, takePicture } from "./pictures.ts";
export { blobRoutes } from "./routes.ts";
