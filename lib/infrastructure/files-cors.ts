/**
 * What pages of the console may do with signed URLs of the bucket: PUT parts, whose ETags they read, and GET results.
 * Content-MD5 is for those who want S3 to check a part as it arrives.
 */
export const FILES_CORS = {
  methods: ['PUT', 'GET'],
  headers: ['content-type', 'content-md5'],
  exposedHeaders: ['ETag'],
  maxAgeSeconds: 3_600,
} as const;
