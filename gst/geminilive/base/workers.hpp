// The worker threads on which application code runs, shared by every session of the process.
//
// They come and go with the work; a worker may block for as long as it likes. Those that answer the
// model's calls are apart from the others: however many calls are stuck, the application still learns
// what happens.
#pragma once

#include <functional>

namespace gemini_live {

// Runs `task` on a worker, soon and at any order with other tasks. From any thread.
void run_on_worker(std::function<void()> task);
// The same for what answers a call of the model.
void run_call(std::function<void()> task);

} // namespace gemini_live
