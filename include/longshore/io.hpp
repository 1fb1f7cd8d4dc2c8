// SPDX-License-Identifier: Apache-2.0
#pragma once

// What reads and writes files: every header that needs JSON, zlib or xxHash. Link longshore::io.

#include <longshore/data/csv_layout.hpp>
#include <longshore/data/find_table_below.hpp>
#include <longshore/data/further_columns.hpp>
#include <longshore/data/inter_layout.hpp>
#include <longshore/data/movielens_layout.hpp>
#include <longshore/data/name_items.hpp>
#include <longshore/data/read_csv.hpp>
#include <longshore/data/read_inter.hpp>
#include <longshore/data/read_log.hpp>
#include <longshore/data/read_movielens.hpp>
#include <longshore/data/read_records.hpp>
#include <longshore/data/read_sequences.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/checksum.hpp>
#include <longshore/io/delimited_reader.hpp>
#include <longshore/io/file_stream.hpp>
#include <longshore/io/gunzip_stream.hpp>
#include <longshore/io/line_reader.hpp>
#include <longshore/io/load.hpp>
#include <longshore/io/safetensors_header.hpp>
#include <longshore/io/safetensors_header_text.hpp>
#include <longshore/io/safetensors_metadata.hpp>
#include <longshore/io/safetensors_parser.hpp>
#include <longshore/io/safetensors_reader.hpp>
#include <longshore/io/safetensors_writer.hpp>
#include <longshore/io/save.hpp>
#include <longshore/io/split_record.hpp>
#include <longshore/retrieval/load_index.hpp>
#include <longshore/retrieval/save_index.hpp>
#include <longshore/training/checkpoint.hpp>
#include <longshore/training/factorization_checkpoint.hpp>
#include <longshore/training/fit.hpp>
#include <longshore/training/fit_factors.hpp>
#include <longshore/training/fit_run.hpp>
