// Gives a fuzz target the files of a folder, one after the other, where libFuzzer is not at hand.
#include "target.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

std::vector<char> read(const std::filesystem::path &path)
{
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

int main(int argc, char **argv)
{
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  unsigned count = 0;
  for (const auto &entry : std::filesystem::directory_iterator(argv[1])) {
    const auto bytes = read(entry.path());
    std::printf("# %s\n", entry.path().filename().c_str());
    std::fflush(stdout); // so that the last name is that of the input that breaks it
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
    std::printf("ok %u\n", ++count);
  }
  return count == 0;
}
