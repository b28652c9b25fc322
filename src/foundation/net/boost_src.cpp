// The compiled half of Asio and Beast (their SEPARATE_COMPILATION), once for the room.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
