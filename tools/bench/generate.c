// Makes the benchmarks' data: JSON Lines for aufdb, and the very same rows in a form that a C program can bind as is.
//
//   generate answers   SEED PROMPTS COMPLETIONS.jsonl ROWS.bin
//       prompts with 4 answers of about 1.5 kB and a score each (6.6 kB a line)
//   generate estimates SEED PROMPTS COMPLETIONS.jsonl ESTIMATES.jsonl
//       prompts with 17 answers of about 50 bytes, and an estimate of each answer
//   generate estimates-30 SEED PROMPTS COMPLETIONS.jsonl ESTIMATES.jsonl
//       the same with 30 answers
//   generate columns-17|columns-30|columns-ragged SEED PROMPTS NUMBERS.bin NAMES.bin
//       what a selection method may see of 17, of 30, or of 2 to 30 answers a prompt
//   generate labelled  SEED PROMPTS COMPLETIONS.jsonl LABELS.jsonl
//       prompts p0000000, p0000001 ... with 4 answers of about 1.5 kB, and judge-1's label of one pair of each
//   generate short     SEED PROMPTS COMPLETIONS.jsonl LABELS.jsonl
//       the same prompts with answers of about 40 bytes
//   generate beliefs   SEED PROMPTS ESTIMATES.jsonl LABELS.jsonl
//       an estimate of every answer of those prompts, and another label of one pair of each
//
// The text is made of words and phrases that recur as those of real answers do: zstd -3 gets about a third of it, at
// the speed it has on real answers, which text of random letters would not give. One seed gives one text everywhere:
// only integers are drawn.
//
// ROWS.bin holds, for each prompt: prompt_id, source, prompt, the number of answers as 4 bytes, and for each answer
// model, response, score as an 8-byte double. A text is its length as 4 bytes and its bytes. All little-endian.
//
// NUMBERS.bin holds the numbers of prompts P, of answers R, of heads H and of features F as 8-byte integers; then, one
// column after the other: for each prompt the number of answers up to its end (8-byte integer); for each answer its
// score (8-byte double), the length of its text (8-byte integer), its reward, its lower and its upper bound (4-byte
// floats), the rewards of H heads, and F features (4-byte floats). NAMES.bin holds the P prompt ids, 32 bytes each, and
// the R models' names, 11 bytes each.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 20000, PHRASES = 60000, MODELS = 17, ANSWERS = 4, TEXT_LIMIT = 16384, HEADS = 20, FEATURES = 16 };

static uint64_t state;

// SplitMix64 (Steele, Lea and Flood, 2014).
static uint64_t draw(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static uint32_t below(uint32_t limit) { return (uint32_t)((draw() >> 32) * limit >> 32); }

// Small numbers far more often than large ones: the cube of a uniform draw.
static uint32_t skewed(uint32_t limit) {
  uint64_t u = draw() >> 43;  // 21 bits
  return (uint32_t)((u * u >> 21) * u * limit >> 42);
}

// Text ---------------------------------------------------------------------------------------------------------------

typedef struct { uint32_t length; char bytes[TEXT_LIMIT]; } Text;

static char words[WORDS][16];
static uint8_t word_lengths[WORDS];
static char phrases[PHRASES][80];
static uint8_t phrase_lengths[PHRASES];

static void make_vocabulary(void) {
  static const char *const onsets[] = {
      "b", "br", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "st", "t", "v"};
  static const char *const nuclei[] = {"a", "e", "i", "o", "u", "ea", "ou", "é"};
  static const char *const codas[] = {"", "n", "r", "s", "l", "nd", "t", ""};
  for (int word = 0; word < WORDS; word++) {
    // The words in front are the frequent ones, and short.
    int syllables = 1 + (word > 60) + (word > 4000);
    for (int syllable = 0; syllable < syllables; syllable++) {
      strcat(words[word], onsets[below(16)]);
      strcat(words[word], nuclei[skewed(8)]);
      strcat(words[word], codas[below(8)]);
    }
    word_lengths[word] = (uint8_t)strlen(words[word]);
  }
  for (int phrase = 0; phrase < PHRASES; phrase++) {
    uint32_t count = 3 + below(4), length = 0;
    while (count-- > 0) {
      uint32_t word = skewed(WORDS);
      if (length > 0) phrases[phrase][length++] = ' ';
      memcpy(phrases[phrase] + length, words[word], word_lengths[word]);
      length += word_lengths[word];
    }
    phrase_lengths[phrase] = (uint8_t)length;
  }
}

static void append(Text *text, const char *bytes, uint32_t length) {
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

static void make_text(Text *text, uint32_t target) {
  text->length = 0;
  while (text->length < target) {
    uint32_t kind = below(100);
    if (kind < 48) {
      uint32_t phrase = skewed(PHRASES);
      append(text, phrases[phrase], phrase_lengths[phrase]);
    } else {
      uint32_t word = skewed(WORDS);
      append(text, words[word], word_lengths[word]);
    }
    kind = below(100);
    if (kind < 82) append(text, " ", 1);
    else if (kind < 90) append(text, ", ", 2);
    else if (kind < 96) append(text, ". ", 2);
    else if (kind < 98) append(text, ".\n\n", 3);
    else if (kind < 99) append(text, " \"", 2);
    else append(text, " 😀 ", 6);
  }
}

// JSON and rows ------------------------------------------------------------------------------------------------------

static FILE *create(const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) { perror(path); exit(1); }
  setvbuf(file, NULL, _IOFBF, 1 << 20);
  return file;
}

static void finish(FILE *file) {
  if (fclose(file) != 0) { perror("generate"); exit(1); }
}

static void put_json(FILE *file, const char *bytes, uint32_t length) {
  putc_unlocked('"', file);
  for (uint32_t i = 0; i < length; i++) {
    char c = bytes[i];
    if (c == '\n') { putc_unlocked('\\', file); c = 'n'; }
    else if (c == '"') putc_unlocked('\\', file);
    putc_unlocked(c, file);
  }
  putc_unlocked('"', file);
}

static void put_row_text(FILE *file, const char *bytes, uint32_t length) {
  fwrite(&length, sizeof length, 1, file);
  fwrite(bytes, 1, length, file);
}

static void make_id(char id[33]) {
  snprintf(id, 33, "%016" PRIx64 "%016" PRIx64, draw(), draw());
}

static int make_model(char model[24], uint32_t number) { return snprintf(model, 24, "model-%02" PRIu32 "-7b", number); }

static Text text;

static void make_answers(long prompts, FILE *json, FILE *rows) {
  static const char source[] = "made";
  for (long prompt = 0; prompt < prompts; prompt++) {
    char id[33], model[24];
    make_id(id);
    make_text(&text, 40 + skewed(1000));
    fprintf(json, "{\"prompt_id\":\"%s\",\"source\":\"%s\",\"prompt\":", id, source);
    put_json(json, text.bytes, text.length);
    fputs(",\"completions\":[", json);
    put_row_text(rows, id, 32);
    put_row_text(rows, source, sizeof source - 1);
    put_row_text(rows, text.bytes, text.length);
    uint32_t count = ANSWERS, first_model = below(MODELS);
    fwrite(&count, sizeof count, 1, rows);
    for (uint32_t answer = 0; answer < count; answer++) {
      uint32_t length = (uint32_t)make_model(model, (first_model + 3 * answer) % MODELS);
      uint32_t hundredths = 100 + below(901);
      double score = hundredths / 100.0;
      make_text(&text, 200 + below(1400) + below(1100));
      fprintf(json, "%s{\"model\":\"%s\",\"response_text\":", answer == 0 ? "" : ",", model);
      put_json(json, text.bytes, text.length);
      fprintf(json, ",\"overall_score\":%" PRIu32 ".%02" PRIu32 "}", hundredths / 100, hundredths % 100);
      put_row_text(rows, model, length);
      put_row_text(rows, text.bytes, text.length);
      fwrite(&score, sizeof score, 1, rows);
    }
    fputs("]}\n", json);
  }
}

static void put_millionths(FILE *file, const char *key, int32_t value) {
  uint32_t size = (uint32_t)(value < 0 ? -value : value);
  fprintf(file, ",\"%s\":%s%" PRIu32 ".%06" PRIu32, key, value < 0 ? "-" : "", size / 1000000, size % 1000000);
}

static void put_estimate(FILE *file, const char *id, const char *model) {
  int32_t reward = (int32_t)below(6000000) - 3000000;
  fprintf(file, "{\"prompt_id\":\"%s\",\"model\":\"%s\"", id, model);
  put_millionths(file, "reward", reward);
  put_millionths(file, "lower", reward - 50000 - (int32_t)below(1500000));
  put_millionths(file, "upper", reward + 50000 + (int32_t)below(1500000));
  fputs("}\n", file);
}

static void make_estimated(long prompts, uint32_t models, FILE *completions, FILE *estimates) {
  for (long prompt = 0; prompt < prompts; prompt++) {
    char id[33], model[24];
    make_id(id);
    make_text(&text, 20 + below(60));
    fprintf(completions, "{\"prompt_id\":\"%s\",\"source\":\"made\",\"prompt\":", id);
    put_json(completions, text.bytes, text.length);
    fputs(",\"completions\":[", completions);
    for (uint32_t number = 0; number < models; number++) {
      make_model(model, number);
      make_text(&text, 20 + below(40));
      fprintf(completions, "%s{\"model\":\"%s\",\"response_text\":", number == 0 ? "" : ",", model);
      put_json(completions, text.bytes, text.length);
      putc_unlocked('}', completions);
      put_estimate(estimates, id, model);
    }
    fputs("]}\n", completions);
  }
}

static void make_estimates(long prompts, FILE *completions, FILE *estimates) {
  make_estimated(prompts, MODELS, completions, estimates);
}

static void make_estimates_30(long prompts, FILE *completions, FILE *estimates) {
  make_estimated(prompts, 30, completions, estimates);
}

// Columns ------------------------------------------------------------------------------------------------------------

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) { perror("generate"); exit(1); }
  return memory;
}

static void put_column(FILE *file, void *column, size_t count, size_t size) {
  fwrite(column, size, count, file);
  free(column);
}

// Uniform in -1 ... 1, in millionths: exact in integers, so that every machine rounds the same.
static float signed_unit(void) { return (float)((int32_t)below(2000001) - 1000000) * 1e-6f; }

// A prompt has `least` answers, or as many more as are drawn below `spread`.
static void make_columns(long prompts, uint32_t least, uint32_t spread, FILE *numbers, FILE *names) {
  int64_t *ends = allocate((size_t)prompts, sizeof *ends), answers = 0;
  for (long prompt = 0; prompt < prompts; prompt++) {
    char id[33];
    make_id(id);
    fwrite(id, 1, 32, names);
    ends[prompt] = answers += least + (spread == 0 ? 0 : below(spread));
  }
  size_t count = (size_t)answers;
  double *scores = allocate(count, sizeof *scores);
  int64_t *lengths = allocate(count, sizeof *lengths);
  float *rewards = allocate(count, sizeof *rewards), *lower = allocate(count, sizeof *lower);
  float *upper = allocate(count, sizeof *upper), *heads = allocate(count * HEADS, sizeof *heads);
  float *features = allocate(count * FEATURES, sizeof *features);
  long prompt = 0;
  for (size_t answer = 0, number = 0; answer < count; answer++, number++) {
    if ((int64_t)answer == ends[prompt]) { prompt++; number = 0; }
    char model[24];
    int model_length = make_model(model, (uint32_t)number);
    fwrite(model, 1, (size_t)model_length, names);
    scores[answer] = (100 + below(901)) / 100.0;
    lengths[answer] = 200 + below(2500);
    float half_width = 0.05f + 0.75f * (1 + signed_unit());
    rewards[answer] = 3 * signed_unit();
    lower[answer] = rewards[answer] - half_width;
    upper[answer] = rewards[answer] + half_width;
    for (size_t head = 0; head < HEADS; head++) {
      heads[answer * HEADS + head] = rewards[answer] + half_width * signed_unit();
    }
    for (size_t feature = 0; feature < FEATURES; feature++) features[answer * FEATURES + feature] = signed_unit();
  }
  int64_t header[] = {prompts, answers, HEADS, FEATURES};
  fwrite(header, sizeof header, 1, numbers);
  put_column(numbers, ends, (size_t)prompts, sizeof *ends);
  put_column(numbers, scores, count, sizeof *scores);
  put_column(numbers, lengths, count, sizeof *lengths);
  put_column(numbers, rewards, count, sizeof *rewards);
  put_column(numbers, lower, count, sizeof *lower);
  put_column(numbers, upper, count, sizeof *upper);
  put_column(numbers, heads, count * HEADS, sizeof *heads);
  put_column(numbers, features, count * FEATURES, sizeof *features);
}

static void make_columns_17(long prompts, FILE *numbers, FILE *names) { make_columns(prompts, 17, 0, numbers, names); }

static void make_columns_30(long prompts, FILE *numbers, FILE *names) { make_columns(prompts, 30, 0, numbers, names); }

static void make_columns_ragged(long prompts, FILE *numbers, FILE *names) {
  make_columns(prompts, 2, 29, numbers, names);
}

// Prompts that are told by their number, so that texts, estimates and labels can be made apart from each other. -------

static void put_label(FILE *file, const char *id, long prompt) {
  char chosen[24], rejected[24];
  uint32_t first = below(ANSWERS), second = (first + 1 + below(ANSWERS - 1)) % ANSWERS;
  make_model(chosen, (uint32_t)(prompt + 3 * first) % MODELS);
  make_model(rejected, (uint32_t)(prompt + 3 * second) % MODELS);
  uint32_t low = 100 + below(800), high = low + 1 + below(100);
  fprintf(
      file,
      "{\"prompt_id\":\"%s\",\"chosen_model\":\"%s\",\"rejected_model\":\"%s\",\"judge\":\"judge-1\","
      "\"chosen_score\":%" PRIu32 ".%02" PRIu32 ",\"rejected_score\":%" PRIu32 ".%02" PRIu32 "}\n",
      id, chosen, rejected, high / 100, high % 100, low / 100, low % 100);
}

static void make_labelled_texts(long prompts, FILE *completions, FILE *labels, int is_short) {
  for (long prompt = 0; prompt < prompts; prompt++) {
    char id[24], model[24];
    snprintf(id, sizeof id, "p%07ld", prompt);
    make_text(&text, is_short ? 20 + below(40) : 40 + skewed(1000));
    fprintf(completions, "{\"prompt_id\":\"%s\",\"source\":\"made\",\"prompt\":", id);
    put_json(completions, text.bytes, text.length);
    fputs(",\"completions\":[", completions);
    for (uint32_t answer = 0; answer < ANSWERS; answer++) {
      make_model(model, (uint32_t)(prompt + 3 * answer) % MODELS);
      make_text(&text, is_short ? 20 + below(40) : 200 + below(1400) + below(1100));
      fprintf(completions, "%s{\"model\":\"%s\",\"response_text\":", answer == 0 ? "" : ",", model);
      put_json(completions, text.bytes, text.length);
      putc_unlocked('}', completions);
    }
    fputs("]}\n", completions);
    put_label(labels, id, prompt);
  }
}

static void make_labelled(long prompts, FILE *completions, FILE *labels) {
  make_labelled_texts(prompts, completions, labels, 0);
}

static void make_short(long prompts, FILE *completions, FILE *labels) {
  make_labelled_texts(prompts, completions, labels, 1);
}

static void make_beliefs(long prompts, FILE *estimates, FILE *labels) {
  for (long prompt = 0; prompt < prompts; prompt++) {
    char id[24], model[24];
    snprintf(id, sizeof id, "p%07ld", prompt);
    for (uint32_t answer = 0; answer < ANSWERS; answer++) {
      make_model(model, (uint32_t)(prompt + 3 * answer) % MODELS);
      put_estimate(estimates, id, model);
    }
    put_label(labels, id, prompt);
  }
}

static const struct { const char *name; void (*make)(long prompts, FILE *one, FILE *other); } kinds[] = {
    {"answers", make_answers}, {"estimates", make_estimates}, {"estimates-30", make_estimates_30},
    {"columns-17", make_columns_17}, {"columns-30", make_columns_30}, {"columns-ragged", make_columns_ragged},
    {"labelled", make_labelled}, {"short", make_short},
    {"beliefs", make_beliefs}};

int main(int count, char **arguments) {
  size_t kind = 0, kind_count = sizeof kinds / sizeof *kinds;
  while (count == 6 && kind < kind_count && strcmp(arguments[1], kinds[kind].name) != 0) kind++;
  if (count != 6 || kind == kind_count) {
    fputs("usage: generate KIND SEED PROMPTS FILE FILE\nhint: the top of generate.c tells the kinds\n", stderr);
    return 64;
  }
  state = strtoull(arguments[2], NULL, 10);
  long prompts = strtol(arguments[3], NULL, 10);
  FILE *one = create(arguments[4]), *other = create(arguments[5]);
  make_vocabulary();
  kinds[kind].make(prompts, one, other);
  finish(one);
  finish(other);
  return 0;
}
