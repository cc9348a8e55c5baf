// The pool of worker threads on which application code runs, shared by every session of the
// process.
//
// Its threads come and go with the work; a worker may block for as long as it likes.
#pragma once

#include <functional>

namespace gemini_live {

// Runs `task` on a worker, soon and at any order with other tasks. From any thread.
void run_on_worker(std::function<void()> task);

} // namespace gemini_live
