export { BodyBudget } from './body-budget';
export { mediaType, mediaTypeParameter } from './content-type';
export { BodyExpander, contentEncoding, type ContentEncoding } from './expand-body';
export { declaredLength, readBody } from './read-body';
export { RequestBodyError, type RequestBodyErrorCode } from './request-body-error';
