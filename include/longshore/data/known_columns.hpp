// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <longshore/core/abi.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What a column of a log or of a table of items may mean.
enum class ColumnRole { user, item, value, time, name, categories };

/// The names by which columns of a role are found, best first, in small letters and with spaces between them: see
/// `find_column`.
///
/// Cost: O(1).
inline std::string_view known_columns(ColumnRole role) {
  // In the order of the enumerators.
  static constexpr std::string_view known[] = {
      "userid user uid reviewerid customerid customer visitorid memberid accountid sessionid session",
      "itemid item iid movieid movie productid product parentasin asin bookid isbn articleid article newsid videoid "
      "trackid songid artistid businessid recipeid gameid appid poiid venueid adid",
      "rating ratings value score stars overall weight preference playcount plays count",
      "timestamp time datetime date ts eventtime unixtime unixreviewtime reviewtime createdat clicktime",
      "title name movietitle itemname itemtitle productname producttitle booktitle trackname artistname",
      "genres genre categories category itemcategories itemcategory class tags type"};
  return known[static_cast<std::size_t>(role)];
}

}  // namespace longshore::inline LONGSHORE_ABI
