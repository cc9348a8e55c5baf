#pragma once

#include <gst/geminilive/geminilive-prelude.h>

G_BEGIN_DECLS

/**
 * GstGeminiLiveState:
 * @GST_GEMINI_LIVE_STATE_CLOSED: no connection
 * @GST_GEMINI_LIVE_STATE_CONNECTING: from the start of the connection to `setupComplete`
 * @GST_GEMINI_LIVE_STATE_READY: the conversation can go on
 * @GST_GEMINI_LIVE_STATE_RECONNECTING: the line was lost and is being restored
 *
 * Where a session is.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_STATE_CLOSED,
  GST_GEMINI_LIVE_STATE_CONNECTING,
  GST_GEMINI_LIVE_STATE_READY,
  GST_GEMINI_LIVE_STATE_RECONNECTING,
} GstGeminiLiveState;

/**
 * GstGeminiLiveModality:
 * @GST_GEMINI_LIVE_MODALITY_AUDIO: speech
 * @GST_GEMINI_LIVE_MODALITY_TEXT: text, for models that answer in text
 *
 * How the model answers.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_MODALITY_AUDIO,
  GST_GEMINI_LIVE_MODALITY_TEXT,
} GstGeminiLiveModality;

/**
 * GstGeminiLiveLeakyType:
 * @GST_GEMINI_LIVE_LEAKY_TYPE_AUTO: downstream for live input, none for any other
 * @GST_GEMINI_LIVE_LEAKY_TYPE_NONE: upstream waits
 * @GST_GEMINI_LIVE_LEAKY_TYPE_UPSTREAM: new audio is dropped
 * @GST_GEMINI_LIVE_LEAKY_TYPE_DOWNSTREAM: old audio is dropped
 *
 * What `geminilivesink` does when the line does not take audio as fast as it comes.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_LEAKY_TYPE_AUTO,
  GST_GEMINI_LIVE_LEAKY_TYPE_NONE,
  GST_GEMINI_LIVE_LEAKY_TYPE_UPSTREAM,
  GST_GEMINI_LIVE_LEAKY_TYPE_DOWNSTREAM,
} GstGeminiLiveLeakyType;

/**
 * GstGeminiLiveText:
 * @GST_GEMINI_LIVE_TEXT_ANSWER: the model's text parts if there are any, else the transcript of its
 *     speech, each piece when its audio leaves the source
 * @GST_GEMINI_LIVE_TEXT_INPUT_TRANSCRIPT: the transcript of the user's speech, as it comes
 * @GST_GEMINI_LIVE_TEXT_THOUGHT: what the model says of its thoughts
 * @GST_GEMINI_LIVE_TEXT_CONVERSATION: both sides, a line for each finished utterance
 *
 * Which text a `geminilivetextsrc` gives.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_TEXT_ANSWER,
  GST_GEMINI_LIVE_TEXT_INPUT_TRANSCRIPT,
  GST_GEMINI_LIVE_TEXT_THOUGHT,
  GST_GEMINI_LIVE_TEXT_CONVERSATION,
} GstGeminiLiveText;

G_END_DECLS
