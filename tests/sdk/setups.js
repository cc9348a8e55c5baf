// What applications configure, as LiveConnectConfig of Google's SDK. Each case is sent by the SDK and
// by our library, on both backends unless `only` names one. `gated` is a case that our library sends
// only if the user insists.
const light = {
  name: 'set_light',
  description: 'Switch a lamp.',
  parameters: { type: 'OBJECT', properties: { on: { type: 'BOOLEAN' } }, required: ['on'] },
};
const search = { googleSearch: {} };

export const cases = [
  { name: 'nothing', config: {} },
  { name: 'a full model name', model: 'models/gemini-3.8-live', only: 'gemini', config: {} },
  { name: 'a tuned model', model: 'tunedModels/mine', only: 'gemini', config: {} },
  { name: 'a model of another publisher', model: 'acme/voice', only: 'vertex', config: {} },
  { name: 'a publisher\'s model', model: 'publishers/acme/models/voice', only: 'vertex', config: {} },
  {
    name: 'a full resource name', only: 'vertex', config: {},
    model: 'projects/p/locations/l/publishers/google/models/gemini-3.8-live',
  },

  { name: 'the modality', config: { responseModalities: ['AUDIO'] } },
  { name: 'another modality', model: 'gemini-live-2.5-flash', config: { responseModalities: ['TEXT'] } },
  { name: 'the temperature', config: { temperature: 0.8 } },
  { name: 'a temperature of 0', config: { temperature: 0 } },
  { name: 'topP', config: { topP: 0.95 } },
  { name: 'topK', config: { topK: 40 } },
  { name: 'maxOutputTokens', config: { maxOutputTokens: 2048 } },
  { name: 'the seed', config: { seed: 42 } },
  { name: 'a seed of 0', config: { seed: 0 } },
  { name: 'mediaResolution', config: { mediaResolution: 'MEDIA_RESOLUTION_LOW' } },
  {
    name: 'numbers together',
    config: { temperature: 1.5, topP: 0.1, topK: 1, maxOutputTokens: 1, seed: 2147483647 },
  },

  {
    name: 'a voice',
    config: { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } } },
  },
  { name: 'a language', config: { speechConfig: { languageCode: 'de-DE' } } },
  {
    name: 'a replicated voice', only: 'vertex',
    config: {
      speechConfig: {
        voiceConfig: { replicatedVoiceConfig: { mimeType: 'audio/wav', voiceSampleAudio: 'UklGRg==' } },
      },
    },
  },
  {
    name: 'a replicated voice with consent', only: 'gemini',
    config: {
      speechConfig: {
        voiceConfig: {
          replicatedVoiceConfig: {
            mimeType: 'audio/wav', voiceSampleAudio: 'UklGRg==', consentAudio: 'UklGRg==',
            voiceConsentSignature: { signature: 'c2ln' },
          },
        },
      },
    },
  },
  { name: 'a named voice', config: { speechConfig: { voiceConfig: { voice: 'mine' } } } },

  {
    name: 'a thinking budget', model: 'gemini-2.5-flash-native-audio-preview-12-2025',
    config: { thinkingConfig: { thinkingBudget: 0, includeThoughts: true } },
  },
  {
    name: 'a thinking level', model: 'gemini-3.8-live-extended-thinking',
    config: { thinkingConfig: { thinkingLevel: 'LOW' } },
  },
  {
    name: 'a thinking level that is refused', gated: true,
    config: { thinkingConfig: { thinkingLevel: 'LOW' } },
  },
  {
    name: 'affective dialog', model: 'gemini-live-2.5-flash-native-audio', only: 'vertex',
    config: { enableAffectiveDialog: true },
  },
  { name: 'affective dialog that is refused', gated: true, config: { enableAffectiveDialog: true } },
  {
    name: 'translation', model: 'gemini-3.5-live-translate-preview',
    config: { translationConfig: { targetLanguageCode: 'es', echoTargetLanguage: true } },
  },
  {
    name: 'generationConfig',
    config: {
      generationConfig: {
        candidateCount: 1, presencePenalty: 0.5, frequencyPenalty: -0.5, temperature: 1,
        speechConfig: { languageCode: 'en-GB' }, thinkingConfig: { thinkingBudget: 0 },
      },
    },
  },
  {
    name: 'generationConfig and what is beside it',
    config: {
      generationConfig: { responseModalities: ['AUDIO'], temperature: 1 }, topK: 3,
      mediaResolution: 'MEDIA_RESOLUTION_HIGH',
    },
  },
  {
    name: 'civic answers', only: 'gemini',
    config: { generationConfig: { enableEnhancedCivicAnswers: true } },
  },
  {
    name: 'what Live does not take', gated: true,
    config: { generationConfig: { stopSequences: ['x'], responseMimeType: 'text/plain' } },
  },

  { name: 'a text as the instruction', config: { systemInstruction: 'Be brief.' } },
  { name: 'texts as the instruction', config: { systemInstruction: ['Be brief.', 'Be kind.'] } },
  { name: 'a part as the instruction', config: { systemInstruction: { text: 'Be brief.' } } },
  {
    name: 'parts as the instruction',
    config: { systemInstruction: [{ text: 'Be brief.' }, 'Be "kind".\n日本語 🙂'] },
  },
  {
    name: 'a content as the instruction',
    config: { systemInstruction: { role: 'system', parts: [{ text: 'Be brief.' }] } },
  },
  {
    name: 'a content without a role as the instruction',
    config: { systemInstruction: { parts: [{ text: 'One.' }, { text: 'Two.' }] } },
  },

  { name: 'a function', config: { tools: [{ functionDeclarations: [light] }] } },
  {
    name: 'functions that do not block',
    config: {
      tools: [{
        functionDeclarations: [
          { ...light, behavior: 'NON_BLOCKING' },
          { name: 'hang_up', behavior: 'BLOCKING' },
        ],
      }],
    },
  },
  {
    name: 'a function in JSON Schema',
    config: {
      tools: [{
        functionDeclarations: [{
          name: 'order',
          parametersJsonSchema: {
            type: 'object', properties: { item: { oneOf: [{ const: 'tea' }, { type: 'null' }] } },
            additionalProperties: false,
          },
          responseJsonSchema: { type: 'string' },
        }],
      }],
    },
  },
  {
    name: 'a schema in lower case',
    config: {
      tools: [{
        functionDeclarations: [{
          name: 'order',
          parameters: {
            type: 'object',
            additionalProperties: false,
            properties: {
              items: { type: 'array', items: { type: 'string', enum: ['tea', 'cake'] }, minItems: '1' },
              table: { type: 'integer', minimum: 1, maximum: 20, default: 1 },
              note: { type: ['string', 'null'], description: 'free text' },
              size: { anyOf: [{ type: 'number' }, { type: 'null' }] },
              when: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }, { type: 'integer' }] },
              either: { type: ['string', 'number'] },
            },
            required: ['items'],
            propertyOrdering: ['items', 'table'],
          },
          response: { type: 'object', properties: { ok: { type: 'boolean', nullable: true } } },
        }],
      }],
    },
  },
  {
    name: 'a schema that says that it is one',
    config: {
      tools: [{
        functionDeclarations: [{
          name: 'order',
          parameters: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', oneOf: [] },
        }],
      }],
    },
  },
  {
    name: 'search and functions', only: 'gemini',
    config: { tools: [search, { functionDeclarations: [light] }] },
  },
  {
    name: 'search and functions where they exclude each other', only: 'vertex', gated: true,
    config: { tools: [search, { functionDeclarations: [light] }] },
  },
  {
    name: 'functions in several tools',
    config: {
      tools: [{ functionDeclarations: [light] }, { functionDeclarations: [{ name: 'hang_up' }] }],
    },
  },
  {
    name: 'search with limits', only: 'gemini',
    config: {
      tools: [{
        googleSearch: {
          searchTypes: { webSearch: {}, imageSearch: {} },
          timeRangeFilter: { startTime: '2026-01-01T00:00:00Z', endTime: '2026-02-01T00:00:00Z' },
        },
      }],
    },
  },
  {
    name: 'search without some sites', only: 'vertex',
    config: {
      tools: [{
        googleSearch: { excludeDomains: ['example.org'], blockingConfidence: 'BLOCK_LOW_AND_ABOVE' },
      }],
    },
  },
  {
    name: 'every tool of the Gemini API', only: 'gemini', model: 'some-model',
    config: {
      tools: [
        { codeExecution: {} }, { urlContext: {} }, { googleMaps: { enableWidget: true } },
        { googleSearchRetrieval: { dynamicRetrievalConfig: { mode: 'MODE_DYNAMIC', dynamicThreshold: 0.5 } } },
        { fileSearch: { fileSearchStoreNames: ['fileSearchStores/a'], topK: 3, metadataFilter: 'a=1' } },
        { computerUse: { environment: 'ENVIRONMENT_BROWSER', excludedPredefinedFunctions: ['drag'] } },
        {
          mcpServers: [{
            name: 'm',
            streamableHttpTransport: { url: 'https://example.org/mcp', headers: { 'x-a_b': 'c' }, timeout: '5s' },
          }],
        },
      ],
    },
  },
  {
    name: 'every tool of Vertex AI', only: 'vertex', model: 'some-model',
    config: {
      tools: [
        { retrieval: { vertexAiSearch: { datastore: 'projects/p/…' }, disableAttribution: true } },
        { enterpriseWebSearch: { excludeDomains: ['example.org'] } },
        { exaAiSearch: { apiKey: 'k', customConfigs: { a_b: 1 } } },
        { parallelAiSearch: { apiKey: 'k', customConfigs: { c: [2] } } },
        { googleMaps: { authConfig: { apiKeyConfig: { apiKeyString: 'k' }, authType: 'API_KEY_AUTH' } } },
      ],
    },
  },

  { name: 'resumption', config: { sessionResumption: {} } },
  { name: 'a handle', config: { sessionResumption: { handle: '2e780bb8' } } },
  {
    name: 'transparent resumption', only: 'vertex',
    config: { sessionResumption: { handle: 'h', transparent: true } },
  },
  { name: 'an input transcript', config: { inputAudioTranscription: {} } },
  {
    name: 'input transcript details',
    config: {
      inputAudioTranscription: {
        languageCodes: ['en-US'], customVocabulary: ['GStreamer'], mode: 'VERBATIM',
        wordTimestamp: true, diarization: true,
      },
    },
  },
  {
    name: 'older transcript details',
    config: {
      inputAudioTranscription: { adaptationPhrases: ['a'], languageHints: { languageCodes: ['de'] } },
      outputAudioTranscription: { languageAuto: {} },
    },
  },
  { name: 'an output transcript', config: { outputAudioTranscription: {} } },
  {
    name: 'activity detection',
    config: {
      realtimeInputConfig: {
        automaticActivityDetection: {
          disabled: false, startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH',
          endOfSpeechSensitivity: 'END_SENSITIVITY_LOW', prefixPaddingMs: 20, silenceDurationMs: 100,
        },
        activityHandling: 'NO_INTERRUPTION',
        turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
        interimTranscriptTimestampEnabled: true,
      },
    },
  },
  {
    name: 'no activity detection',
    config: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } },
  },
  { name: 'compression', config: { contextWindowCompression: { slidingWindow: {} } } },
  {
    name: 'compression with sizes',
    config: {
      contextWindowCompression: { triggerTokens: '100000', slidingWindow: { targetTokens: '50000' } },
    },
  },
  {
    name: 'proactivity', model: 'gemini-live-2.5-flash-native-audio', only: 'vertex',
    config: { proactivity: { proactiveAudio: true, proactiveVideo: false } },
  },
  {
    name: 'proactivity where v1beta has none', model: 'gemini-2.5-flash-native-audio-latest',
    only: 'gemini', gated: true, config: { proactivity: { proactiveAudio: true } },
  },
  { name: 'a voice activity signal', only: 'vertex', config: { explicitVadSignal: true } },
  {
    name: 'an avatar',
    config: {
      responseModalities: ['VIDEO'],
      avatarConfig: { avatarName: 'Kira', audioBitrateBps: 128000, videoBitrateBps: 2000000 },
    },
  },
  {
    name: 'an avatar of one\'s own',
    config: { avatarConfig: { customizedAvatar: { imageMimeType: 'image/png', imageData: 'iVBORw==' } } },
  },
  {
    name: 'safety settings',
    config: {
      safetySettings: [
        { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' },
        { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' },
      ],
    },
  },
  {
    name: 'safety settings with a method', only: 'vertex',
    config: {
      safetySettings: [
        { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE', method: 'SEVERITY' },
      ],
    },
  },
  { name: 'labels', config: { labels: { team: 'lab', cost_centre: 'a-1' } } },
  {
    name: 'an agent', only: 'gemini', model: 'gemini-2.5-flash-native-audio-preview-12-2025',
    config: {
      responseModalities: ['AUDIO'], temperature: 0.8, maxOutputTokens: 2048,
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } }, languageCode: 'en-US' },
      thinkingConfig: { thinkingBudget: 0 }, systemInstruction: 'Be brief.',
      tools: [search, { functionDeclarations: [{ ...light, behavior: 'BLOCKING' }] }],
      realtimeInputConfig: { activityHandling: 'START_OF_ACTIVITY_INTERRUPTS' },
      sessionResumption: {}, contextWindowCompression: { slidingWindow: {} },
      inputAudioTranscription: {}, outputAudioTranscription: {},
    },
  },
];

// What the SDK throws at its user, and our library too unless the user insists.
export const refusals = [
  { only: 'gemini', config: { explicitVadSignal: true } },
  { only: 'gemini', config: { sessionResumption: { transparent: true } } },
  { only: 'gemini', config: { safetySettings: [{ category: 'HARM_CATEGORY_JAILBREAK', method: 'SEVERITY' }] } },
  { only: 'gemini', config: { tools: [{ retrieval: {} }] } },
  { only: 'gemini', config: { tools: [{ enterpriseWebSearch: {} }] } },
  { only: 'gemini', config: { tools: [{ exaAiSearch: {} }] } },
  { only: 'gemini', config: { tools: [{ parallelAiSearch: {} }] } },
  { only: 'gemini', config: { tools: [{ googleSearch: { excludeDomains: [] } }] } },
  { only: 'gemini', config: { tools: [{ googleSearch: { blockingConfidence: 'BLOCK_LOW_AND_ABOVE' } }] } },
  { only: 'gemini', model: 'some-model', config: { tools: [{ googleMaps: { groundingTypes: {} } }] } },
  {
    only: 'gemini', model: 'some-model',
    config: { tools: [{ googleMaps: { authConfig: { authType: 'NO_AUTH' } } }] },
  },
  { only: 'vertex', config: { tools: [{ fileSearch: {} }] } },
  { only: 'vertex', config: { tools: [{ mcpServers: [{ name: 'm' }] }] } },
  { only: 'vertex', config: { generationConfig: { enableEnhancedCivicAnswers: true } } },
  {
    only: 'vertex',
    config: { speechConfig: { voiceConfig: { replicatedVoiceConfig: { consentAudio: 'UklGRg==' } } } },
  },
  { config: { speechConfig: { multiSpeakerVoiceConfig: {} } } },
  { config: { tools: {} } },
  { config: { temperature: 1, generationConfig: { temperature: 0.5 } } },
  { model: '../other', config: {} },
  { model: 'm?key=1', config: {} },
];
