export { BodyBudget } from './body-budget';
export { mediaType, mediaTypeParameter } from './content-type';
export { BodyExpander, contentEncoding, type ContentEncoding } from './expand-body';
export { InflateLimitError, inflateWithin } from './inflate-within';
export { declaredLength, readBody } from './read-body';
export { RequestBodyError, type RequestBodyErrorCode } from './request-body-error';
