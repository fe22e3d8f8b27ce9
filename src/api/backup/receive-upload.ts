import type { Request, RequestHandler, Response } from 'express';
import multer, { MulterError } from 'multer';
import { bodyTooLarge, unsupportedMedia, validationError } from '../errors/api-error';
import { mediaType } from '../../inputs/http';
import { StorageError } from '../../storage/errors';
import { removeFile, temporaryFile } from './backup-files';

const FORM_TYPE = 'multipart/form-data';
/** The form's field with the file: the peer's name. */
const FIELD = 'backup';
/** A store of logs may be as large as disks are; long before it the disk is full. */
const MAX_UPLOAD_BYTES = 2 ** 40;
/** A form with a file has one part; clients may add a few of their own. */
const MAX_PARTS = 16;

/** Receives the file of a form into a directory, for the time of the request: `request.file.path`. */
export function receiveUpload(directory: string): RequestHandler {
  const upload = multer({
    storage: multer.diskStorage({
      destination: directory,
      filename: (_request, _file, done) => done(null, temporaryFile('')),
    }),
    limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, parts: MAX_PARTS },
  }).single(FIELD);
  return async (request, response, next) => {
    const type = request.headers['content-type'];
    if (mediaType(type) !== FORM_TYPE) throw unsupportedMedia('content type', type ?? '', FORM_TYPE);
    await new Promise<void>((resolve, reject) => {
      upload(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(uploadError(error))));
    });
    removeAfterwards(request, response);
    if (request.file === undefined) throw validationError({ body: [`${FIELD} is required`] });
    next();
  };
}

function removeAfterwards(request: Request, response: Response): void {
  const file = request.file?.path;
  if (file !== undefined) response.once('close', () => void removeFile(file).catch(() => undefined));
}

function uploadError(error: unknown): unknown {
  if (error instanceof MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return bodyTooLarge(MAX_UPLOAD_BYTES);
    if (error.code === 'LIMIT_UNEXPECTED_FILE')
      return validationError({ body: [`send one file, in the field ${FIELD}`] });
    return validationError({ body: [error.message] });
  }
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StorageError('STORE_FULL', 'the disk is full', { cause: error });
  // What is left are forms that break off or have no boundary.
  return code === undefined && message !== undefined ? validationError({ body: [message] }) : error;
}
