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
 * GstGeminiLiveBackend:
 * @GST_GEMINI_LIVE_BACKEND_AUTO: Vertex AI if `credentials-path` or `project-id` is set, or the
 *     environment's `GOOGLE_GENAI_USE_ENTERPRISE` or `GOOGLE_GENAI_USE_VERTEXAI` says so and neither
 *     an API key nor a token is set; else the Gemini API
 * @GST_GEMINI_LIVE_BACKEND_GEMINI: the Gemini API
 * @GST_GEMINI_LIVE_BACKEND_VERTEX: Vertex AI
 *
 * Which service is asked.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_BACKEND_AUTO,
  GST_GEMINI_LIVE_BACKEND_GEMINI,
  GST_GEMINI_LIVE_BACKEND_VERTEX,
} GstGeminiLiveBackend;

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
 * GstGeminiLiveThinkingLevel:
 * @GST_GEMINI_LIVE_THINKING_LEVEL_DEFAULT: what the model does by itself
 * @GST_GEMINI_LIVE_THINKING_LEVEL_MINIMAL: as little as it can
 * @GST_GEMINI_LIVE_THINKING_LEVEL_LOW: little
 * @GST_GEMINI_LIVE_THINKING_LEVEL_MEDIUM: more
 * @GST_GEMINI_LIVE_THINKING_LEVEL_HIGH: most
 *
 * How much a model thinks before it answers.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_THINKING_LEVEL_DEFAULT,
  GST_GEMINI_LIVE_THINKING_LEVEL_MINIMAL,
  GST_GEMINI_LIVE_THINKING_LEVEL_LOW,
  GST_GEMINI_LIVE_THINKING_LEVEL_MEDIUM,
  GST_GEMINI_LIVE_THINKING_LEVEL_HIGH,
} GstGeminiLiveThinkingLevel;

/**
 * GstGeminiLiveMediaResolution:
 * @GST_GEMINI_LIVE_MEDIA_RESOLUTION_DEFAULT: what the model does by itself
 * @GST_GEMINI_LIVE_MEDIA_RESOLUTION_LOW: few tokens for a picture
 * @GST_GEMINI_LIVE_MEDIA_RESOLUTION_MEDIUM: more
 * @GST_GEMINI_LIVE_MEDIA_RESOLUTION_HIGH: most
 *
 * How closely a model looks at pictures.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_MEDIA_RESOLUTION_DEFAULT,
  GST_GEMINI_LIVE_MEDIA_RESOLUTION_LOW,
  GST_GEMINI_LIVE_MEDIA_RESOLUTION_MEDIUM,
  GST_GEMINI_LIVE_MEDIA_RESOLUTION_HIGH,
} GstGeminiLiveMediaResolution;

/**
 * GstGeminiLiveTurnDetection:
 * @GST_GEMINI_LIVE_TURN_DETECTION_SERVER: the service, from what it hears
 * @GST_GEMINI_LIVE_TURN_DETECTION_MANUAL: the application, which marks the start and the end of
 *     activity
 * @GST_GEMINI_LIVE_TURN_DETECTION_LOCAL: the session itself, on this machine, from what it hears; only
 *     speech is sent, with what was heard shortly before. Wants a library that was built with SpeexDSP
 *
 * Who says when the user speaks.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_TURN_DETECTION_SERVER,
  GST_GEMINI_LIVE_TURN_DETECTION_MANUAL,
  GST_GEMINI_LIVE_TURN_DETECTION_LOCAL,
} GstGeminiLiveTurnDetection;

/**
 * GstGeminiLiveStartSensitivity:
 * @GST_GEMINI_LIVE_START_SENSITIVITY_DEFAULT: what the service, or the session, does by itself
 * @GST_GEMINI_LIVE_START_SENSITIVITY_HIGH: a start is found more often
 * @GST_GEMINI_LIVE_START_SENSITIVITY_LOW: a start is found less often
 *
 * How easily a sound is taken for the start of speech, by whoever detects turns.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_START_SENSITIVITY_DEFAULT,
  GST_GEMINI_LIVE_START_SENSITIVITY_HIGH,
  GST_GEMINI_LIVE_START_SENSITIVITY_LOW,
} GstGeminiLiveStartSensitivity;

/**
 * GstGeminiLiveEndSensitivity:
 * @GST_GEMINI_LIVE_END_SENSITIVITY_DEFAULT: what the service, or the session, does by itself
 * @GST_GEMINI_LIVE_END_SENSITIVITY_HIGH: an end is found more often
 * @GST_GEMINI_LIVE_END_SENSITIVITY_LOW: an end is found less often
 *
 * How easily a pause is taken for the end of speech, by whoever detects turns.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_END_SENSITIVITY_DEFAULT,
  GST_GEMINI_LIVE_END_SENSITIVITY_HIGH,
  GST_GEMINI_LIVE_END_SENSITIVITY_LOW,
} GstGeminiLiveEndSensitivity;

/**
 * GstGeminiLiveActivityHandling:
 * @GST_GEMINI_LIVE_ACTIVITY_HANDLING_DEFAULT: what the service does by itself
 * @GST_GEMINI_LIVE_ACTIVITY_HANDLING_START_OF_ACTIVITY_INTERRUPTS: the model stops when the user
 *     starts
 * @GST_GEMINI_LIVE_ACTIVITY_HANDLING_NO_INTERRUPTION: the model speaks on
 *
 * What the user's speech does to the model's.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_ACTIVITY_HANDLING_DEFAULT,
  GST_GEMINI_LIVE_ACTIVITY_HANDLING_START_OF_ACTIVITY_INTERRUPTS,
  GST_GEMINI_LIVE_ACTIVITY_HANDLING_NO_INTERRUPTION,
} GstGeminiLiveActivityHandling;

/**
 * GstGeminiLiveGreetingOn:
 * @GST_GEMINI_LIVE_GREETING_ON_READY: when the conversation has begun
 * @GST_GEMINI_LIVE_GREETING_ON_FIRST_BUFFER: when the first audio of the user has been sent
 * @GST_GEMINI_LIVE_GREETING_ON_MANUAL: when the application sends it with `send-text`
 *
 * When the greeting is sent.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_GREETING_ON_READY,
  GST_GEMINI_LIVE_GREETING_ON_FIRST_BUFFER,
  GST_GEMINI_LIVE_GREETING_ON_MANUAL,
} GstGeminiLiveGreetingOn;

/**
 * GstGeminiLiveScheduling:
 * @GST_GEMINI_LIVE_SCHEDULING_DEFAULT: as the declaration says, else as the model does by itself
 * @GST_GEMINI_LIVE_SCHEDULING_WHEN_IDLE: the model speaks of it when it has said what it is saying
 * @GST_GEMINI_LIVE_SCHEDULING_INTERRUPT: the model speaks of it at once
 * @GST_GEMINI_LIVE_SCHEDULING_SILENT: the model only knows it
 *
 * What the model does with the answer to a call that it did not wait for.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_SCHEDULING_DEFAULT,
  GST_GEMINI_LIVE_SCHEDULING_WHEN_IDLE,
  GST_GEMINI_LIVE_SCHEDULING_INTERRUPT,
  GST_GEMINI_LIVE_SCHEDULING_SILENT,
} GstGeminiLiveScheduling;

/**
 * GstGeminiLiveUntakenTools:
 * @GST_GEMINI_LIVE_UNTAKEN_TOOLS_REJECT: it is answered with an error at once
 * @GST_GEMINI_LIVE_UNTAKEN_TOOLS_WAIT: it waits for an answer until `tool-timeout`
 *
 * What happens to a call that nobody takes.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_UNTAKEN_TOOLS_REJECT,
  GST_GEMINI_LIVE_UNTAKEN_TOOLS_WAIT,
} GstGeminiLiveUntakenTools;

/**
 * GstGeminiLiveHoldInput:
 * @GST_GEMINI_LIVE_HOLD_INPUT_AUTO: while a call blocks a model that would take the voice for a new turn
 * @GST_GEMINI_LIVE_HOLD_INPUT_ON: while any call is open
 * @GST_GEMINI_LIVE_HOLD_INPUT_OFF: never
 *
 * When the user's voice waits for the answer to a call.
 *
 * Since: 0.1
 */
typedef enum {
  GST_GEMINI_LIVE_HOLD_INPUT_AUTO,
  GST_GEMINI_LIVE_HOLD_INPUT_ON,
  GST_GEMINI_LIVE_HOLD_INPUT_OFF,
} GstGeminiLiveHoldInput;

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
