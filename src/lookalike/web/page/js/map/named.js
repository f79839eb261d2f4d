// Which pictures the points are: asked for in parcels, and remembered.

import { post, thumbnail } from "../api.js";

const PARCEL = 200;
const IMAGES = 400;

export class Named {
  constructor() {
    this.known = new Map();
    this.images = new Map();
  }

  /** The pictures at these places of the map, in their order. */
  async get(places, signal) {
    const missing = places.filter((place) => !this.known.has(place));
    for (let at = 0; at < missing.length; at += PARCEL) {
      const { pictures } = await post("map/places", { places: missing.slice(at, at + PARCEL) }, signal);
      for (const picture of pictures) this.known.set(picture.place, picture);
    }
    return places.map((place) => this.known.get(place)).filter(Boolean);
  }

  /** A small image of a picture, or null while it is loading; `came` is called when it is there. */
  image(picture, came) {
    let image = this.images.get(picture.digest);
    if (!image) {
      image = new Image();
      image.src = thumbnail(picture.digest, 110);
      image.addEventListener("load", came, { once: true });
      this.images.set(picture.digest, image);
      if (this.images.size > IMAGES) this.images.delete(this.images.keys().next().value);
    }
    return image.complete && image.naturalWidth ? image : null;
  }
}
